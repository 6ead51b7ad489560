import { isBadRequest } from '@k1s/apimachinery'
import { expect, test } from 'vitest'
import type { ResourceRegistry } from '../registry/resource-registry.ts'
import type { ApiRequest } from '../request.ts'
import type { Handler } from './handler.ts'
import { InProcessTransport } from './in-process-transport.ts'

const request: ApiRequest = {
  verb: 'watch',
  tenant: 'default',
  user: { name: 'ann' },
  group: '',
  version: 'v1',
  resource: 'configmaps',
  options: { resourceVersion: '1' },
}
const changes = { resourceVersion: '2', changes: [] }
const registry = {} as ResourceRegistry

test('changes are a watch to the filters of the chain, whatever verb was given', async () => {
  const seen: ApiRequest[] = []
  const handler: Handler = async (passed) => {
    seen.push(passed)
    return { code: 200, changes, warnings: ['v1 is old'] }
  }
  const warnings: string[] = []
  const transport = new InProcessTransport(handler, registry)
  expect(await transport.changes({ ...request, verb: 'get' }, (text) => warnings.push(text))).toBe(changes)
  expect(seen).toEqual([{ ...request, verb: 'watch', collapsesEvents: true }])
  expect(warnings).toEqual(['v1 is old'])
})

test('each door answers what is asked for there, or with BadRequest', async () => {
  const answers = new Map<string, Awaited<ReturnType<Handler>>>([
    ['changes', { code: 200, changes }],
    ['events', { code: 200, events: (async function* () {})() }],
    ['body', { code: 200, body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: {} } }],
  ])
  for (const [kind, answer] of answers) {
    const transport = new InProcessTransport(async () => answer, registry)
    const doors: { [answer: string]: () => Promise<unknown> } = {
      body: () => transport.request(request),
      events: () => transport.watch(request)[Symbol.asyncIterator]().next(),
      changes: () => transport.changes(request),
    }
    for (const [wanted, ask] of Object.entries(doors)) {
      const error = await ask().then(
        () => undefined,
        (reason: unknown) => reason,
      )
      expect(isBadRequest(error), `${wanted} answered with ${kind}`).toBe(wanted !== kind)
    }
  }
})
