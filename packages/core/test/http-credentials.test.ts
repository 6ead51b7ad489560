import type { Credentials } from '@k1s/core/http'
import { isConnectionError } from '@k1s/core/http'
import { expect, test } from 'vitest'
import { answerJson, configMap, getA, scriptedServer } from './scripted-server.ts'
import { added, from7, send, tell } from './scripted-watch.ts'

const unauthorized = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', code: 401 }
const never = () => new Promise<never>(() => {})

/** As of a program that gives `old` at first and `new` when that is refused. */
function renewable(): Credentials {
  let token = 'old'
  return {
    current: async () => ({ authorization: `Bearer ${token}` }),
    refused: async ({ authorization }) => {
      token = 'new'
      return authorization !== 'Bearer new'
    },
  }
}

test('a watch goes on with other credentials when those it had are refused', async () => {
  let part = 0
  const sent: unknown[] = []
  const { transport } = await scriptedServer(
    ({ headers }, response) => {
      sent.push(headers.authorization)
      if (part++ === 0) send(response, added('a', 8)).end()
      else if (headers.authorization === 'Bearer old') answerJson(response, unauthorized, 401)
      else send(response, added('b', 9))
    },
    {},
    { credentials: renewable() },
  )
  expect(await tell(transport.watch(from7), 2)).toEqual(['ADDED a 8', 'ADDED b 9'])
  expect(sent).toEqual(['Bearer old', 'Bearer old', 'Bearer new'])
})

test('a watch ends with ERROR 401 when there are no other credentials', async () => {
  let part = 0
  const { transport } = await scriptedServer(
    (_, response) =>
      part++ === 0 ? send(response, added('a', 8)).end() : answerJson(response, unauthorized, 401),
    {},
    { credentials: { current: async () => ({}), refused: async () => false } },
  )
  expect(await tell(transport.watch(from7), 9)).toEqual(['ADDED a 8', 'ERROR 401'])
})

test('a watch goes on when credentials cannot be had for a while', async () => {
  let asked = 0
  let version = 7
  const current = async () => {
    if (++asked === 2) throw new Error('exec: executable plugin failed with exit code 1')
    return {}
  }
  const { transport } = await scriptedServer(
    (_, response) => send(response, added('a', ++version)).end(),
    {},
    { credentials: { current } },
  )
  expect(await tell(transport.watch(from7), 2)).toEqual(['ADDED a 8', 'ADDED a 9'])
  expect(asked).toBe(3)
})

test('a request that is refused, and for which no other credentials can be had, says why', async () => {
  const { server, transport } = await scriptedServer(
    (_, response) => answerJson(response, unauthorized, 401),
    {},
    {
      credentials: {
        current: async () => ({}),
        refused: () => Promise.reject(new Error('exec: executable plugin failed with exit code 1')),
      },
    },
  )
  const error = await transport.request(getA).catch((reason: unknown) => reason)
  expect(error).toSatisfy(isConnectionError)
  expect(error).toMatchObject({
    reason: 'getting credentials: exec: executable plugin failed with exit code 1',
  })
  const connections = () => new Promise((resolve) => server.getConnections((_, count) => resolve(count)))
  await expect.poll(connections).toBe(0)
})

test.each(['current', 'refused'] as const)(
  'a request does not wait longer than it may for credentials (%s)',
  async (hanging) => {
    const credentials = { current: async () => ({}), [hanging]: never }
    const answer = () =>
      scriptedServer((_, response) => answerJson(response, unauthorized, 401), {}, { credentials })
    const { transport: aborted } = await answer()
    await expect(aborted.request({ ...getA, signal: AbortSignal.timeout(20) })).rejects.toThrow('timeout')
    const { transport: closed } = await answer()
    const waiting = closed.request(getA)
    const watch = closed.watch(from7)[Symbol.asyncIterator]()
    const event = watch.next()
    setTimeout(() => closed.close(), 20)
    await expect(waiting).rejects.toThrow('has been closed')
    expect(await event).toEqual({ done: true, value: undefined })
    const { transport: limited } = await scriptedServer(
      (_, response) => answerJson(response, unauthorized, 401),
      { requestTimeoutMs: 20 },
      { credentials },
    )
    await expect(limited.request(getA)).rejects.toThrow('context deadline exceeded')
  },
)

test('credentials are not sent to where a redirect leads', async () => {
  const sent: unknown[] = []
  const elsewhere = await scriptedServer(({ headers }, response) => {
    sent.push(headers.authorization)
    answerJson(response, configMap('a', 1))
  })
  const { transport } = await scriptedServer(
    (_, response) => response.writeHead(302, { location: `${elsewhere.url}/login` }).end(),
    {},
    { credentials: renewable() },
  )
  await expect(transport.request(getA)).rejects.toThrow(
    'the server responded with the status code 302 but did not return more information (get configmaps a)',
  )
  expect(sent).toEqual([])
})
