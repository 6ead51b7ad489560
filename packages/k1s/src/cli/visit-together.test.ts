import { BrokenPipeError, type Info } from '@k1s/cli-runtime'
import { expect, test } from 'vitest'
import { visitTogether } from './visit-together.ts'

const infos = (count: number) => Array.from({ length: count }, (_, index) => ({ name: `${index}` }) as Info)

/** Ends later, the smaller the number. */
async function late(index: number, of: number): Promise<void> {
  for (let turn = index; turn < of; turn++) await Promise.resolve()
}

test('reports come in the order of the objects, whichever is done first', async () => {
  const reported: string[] = []
  let underWay = 0
  let most = 0
  const errors = await visitTogether(infos(200), async ({ name }) => {
    most = Math.max(most, ++underWay)
    await late(Number(name) % 64, 64)
    underWay--
    return async () => {
      await Promise.resolve()
      reported.push(name)
    }
  })
  expect(errors).toEqual([])
  expect(reported).toEqual(infos(200).map(({ name }) => name))
  expect(most).toBe(64)
})

test('an error of one object does not keep the others from being visited, and comes in its place', async () => {
  const reported: string[] = []
  const errors = await visitTogether(infos(10), async ({ name }) => {
    await late(Number(name), 10)
    if (Number(name) % 2 > 0) throw new Error(name)
    return () => {
      if (name === '4') throw new Error('no report')
      reported.push(name)
    }
  })
  expect(reported).toEqual(['0', '2', '6', '8'])
  expect(errors).toEqual(['1', '3', 'no report', '5', '7', '9'].map((text) => new Error(text)))
})

test('nothing more is visited once nobody reads any more', async () => {
  let visited = 0
  const visiting = visitTogether(infos(1000), async () => {
    visited++
    return () => {
      throw new BrokenPipeError()
    }
  })
  await expect(visiting).rejects.toThrow(BrokenPipeError)
  expect(visited).toBeLessThan(200)
})
