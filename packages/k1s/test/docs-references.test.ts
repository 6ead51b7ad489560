import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as controllerRuntime from '@k1s/controller-runtime'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const read = (page: string) => readFileSync(join(root, page), 'utf8').replace(/^```[\s\S]*?^```$/gm, '')

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(page: string): string[] {
  const headings = [...read(page).matchAll(/^#+ (.*)$/gm)].map((match) => match[1]!)
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  )
}

test('every test that the page on compatibility names is there, and each row names one', () => {
  const text = read('docs/compatibility.md')
  const rows = text
    .split('\n')
    .filter((line) => /^\|.*\|.*\|.*\|.*\|$/.test(line) && !/^\| (feature|kind|-+) /.test(line))
  expect(rows.length).toBeGreaterThan(60)
  expect(rows.filter((row) => !/\| `packages\/[\w./-]+\.test\.ts` \|$/.test(row))).toEqual([])
  const named = [...text.matchAll(/`(packages\/[\w./-]+)`/g)].map((match) => match[1]!)
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([])
})

describe('the page on controllers', () => {
  const text = readFileSync(join(root, 'docs/controllers.md'), 'utf8')

  test('has everything that is exported for them', () => {
    const missing = Object.keys(controllerRuntime).filter((name) => !new RegExp(`\\b${name}\\b`).test(text))
    expect(missing).toEqual([])
  })

  test('has a table of names that are there', () => {
    const table = /^\| Go \| TypeScript \|\n([\s\S]*?)\n\n/m.exec(text)![1]!
    const named = table.split('\n').flatMap((row) => [...row.split(' | ')[1]!.matchAll(/`(\w+)`/g)])
    const known = new Set([
      ...Object.keys(controllerRuntime),
      ...Object.getOwnPropertyNames(controllerRuntime.ControllerBuilder.prototype),
    ])
    expect(named.length).toBeGreaterThan(30)
    expect(named.map((match) => match[1]!).filter((name) => !known.has(name))).toEqual([])
  })
})

const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`),
  ...readdirSync(join(root, 'packages')).map((name) => `packages/${name}/README.md`),
]

describe.each(pages)('%s', (page) => {
  test('refers to pages and headings that are there', () => {
    const links = [...read(page).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)]
    for (const [link, path, anchor] of links) {
      const target = path === '' ? page : join(dirname(page), path!)
      expect(existsSync(join(root, target)), link).toBe(true)
      if (anchor !== undefined) expect(anchorsOf(target), link).toContain(anchor)
    }
  })
})
