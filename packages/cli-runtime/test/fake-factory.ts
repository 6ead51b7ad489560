import type { Unstructured } from '@k1s/apimachinery'
import type { Client } from '@k1s/core'
import { createFactory } from '../src/create-factory.ts'
import type { Factory } from '../src/factory.ts'
import type { GlobalFlags } from '../src/flags/global-flags.ts'
import { memoryStreams } from '../src/streams/memory-streams.ts'
import { FakeTransport } from './fake-transport.ts'

export interface FakeSetup {
  readonly objects?: Unstructured[]
  readonly flags?: GlobalFlags
  readonly stdin?: string
}

/** A factory on a FakeTransport, with streams in memory and an empty environment. */
export function fakeFactory({ objects = [], flags = {}, stdin = '' }: FakeSetup = {}) {
  const transport = new FakeTransport(objects)
  const streams = memoryStreams(stdin)
  let opened = 0
  let closed = 0
  const factory: Factory = createFactory({
    flags,
    streams,
    env: { HOME: '/nonexistent', USER: 'ann' },
    openRuntime: async () => {
      opened++
      return {
        client: {} as Client,
        transport,
        close: async () => {
          closed++
        },
      }
    },
  })
  return { factory, transport, streams, counts: () => ({ opened, closed }) }
}
