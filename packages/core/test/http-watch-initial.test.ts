import { isNotFound, type Status } from '@k1s/apimachinery'
import { isConnectionError } from '@k1s/core/http'
import { describe, expect, test } from 'vitest'
import { answerJson, scriptedServer, watchAll } from './scripted-server.ts'
import { added, bookmark, from7, queriesOf, send, tell } from './scripted-watch.ts'

describe('what is there at first', () => {
  const list = (resourceVersion: number, ...names: string[]) => ({
    kind: 'ConfigMapList',
    apiVersion: 'v1',
    metadata: { resourceVersion: String(resourceVersion) },
    items: names.map((name) => ({ metadata: { name, resourceVersion: '3' } })),
  })

  test('is listed, and watched from there', async () => {
    for (const resourceVersion of [undefined, '', '0']) {
      const { seen, transport } = await scriptedServer((request, response) => {
        if (request.url?.includes('watch')) send(response, added('c', 21)).end()
        else answerJson(response, list(20, 'a', 'b'))
      })
      const options = { labelSelector: 'x', ...(resourceVersion !== undefined && { resourceVersion }) }
      expect(await tell(transport.watch({ ...watchAll, options }), 3)).toEqual([
        'ADDED a 3',
        'ADDED b 3',
        'ADDED c 21',
      ])
      expect(queriesOf(seen)).toEqual([
        `?${resourceVersion === '0' ? 'resourceVersion=0&' : ''}labelSelector=x`,
        '?resourceVersion=20&labelSelector=x',
      ])
    }
  })

  test('is a failure before the first event if it is refused', async () => {
    const { transport } = await scriptedServer((_, response) => response.writeHead(404).end())
    await expect(tell(transport.watch(watchAll), 1)).rejects.toSatisfy(isNotFound)
    await expect(tell(transport.watch(from7), 1)).rejects.toSatisfy(isNotFound)
  })

  test('is a failure if nobody listens', async () => {
    const { server, transport } = await scriptedServer(() => {})
    server.close()
    await expect(tell(transport.watch(from7), 1)).rejects.toSatisfy(isConnectionError)
  })

  test('is sent again if the connection breaks before its end, and only differences are passed on', async () => {
    let part = 0
    const { seen, transport } = await scriptedServer((request, response) => {
      part++
      if (part === 1)
        send(response, added('a', 1), added('b', 2), added('c', 3)).write(' ', () => request.socket.destroy())
      else if (part === 2) send(response, added('a', 1)).end()
      else if (part === 3)
        send(
          response,
          added('b', 9),
          added('d', 8),
          added('c', 3),
          bookmark(9, { 'k8s.io/initial-events-end': 'true' }),
        ).end()
      else send(response, added('e', 10))
    })
    const options = {
      sendInitialEvents: true,
      allowWatchBookmarks: true,
      resourceVersionMatch: 'NotOlderThan',
    } as const
    expect(await tell(transport.watch({ ...watchAll, options }), 8)).toEqual([
      'ADDED a 1',
      'ADDED b 2',
      'ADDED c 3',
      'MODIFIED b 9',
      'ADDED d 8',
      'DELETED a 1',
      'BOOKMARK undefined 9',
      'ADDED e 10',
    ])
    const initial = '?resourceVersionMatch=NotOlderThan&sendInitialEvents=true'
    expect(queriesOf(seen)).toEqual([initial, initial, initial, '?resourceVersion=9'])
  })

  test('cannot be told again if it does not say which objects it is of', async () => {
    const { transport } = await scriptedServer((_, response) =>
      send(response, {
        type: 'ADDED',
        object: {
          kind: 'Table',
          apiVersion: 'meta.k8s.io/v1',
          metadata: {},
          columnDefinitions: [],
          rows: [{ cells: ['a'], object: null }],
        },
      }).end(),
    )
    const options = { sendInitialEvents: true, as: 'Table', includeObject: 'None' } as const
    const types: unknown[] = []
    for await (const { type, object } of transport.watch({ ...watchAll, options }))
      types.push(type, (object as Status).code)
    expect(types).toEqual(['ADDED', undefined, 'ERROR', 410])
  })

  test('is left out with sendInitialEvents: false, which starts from now', async () => {
    const { seen, transport } = await scriptedServer((request, response) => {
      if (request.url?.includes('watch')) send(response, added('c', 21))
      else answerJson(response, list(20, 'a'))
    })
    expect(await tell(transport.watch({ ...watchAll, options: { sendInitialEvents: false } }), 1)).toEqual([
      'ADDED c 21',
    ])
    expect(queriesOf(seen)).toEqual(['?limit=1', '?resourceVersion=20'])
  })
})
