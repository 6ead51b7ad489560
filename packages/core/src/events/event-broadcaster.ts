import type { Clock } from '@k1s/apimachinery'
import type { Client } from '../client.ts'
import type { EventRecorder } from './event-recorder.ts'
export interface EventBroadcaster {
  newRecorder(source: { component: string }): EventRecorder
  flush(): Promise<void>
  shutdown(): Promise<void>
}
export function createEventBroadcaster(_: {
  client: Client
  clock?: Clock
  onError?: (error: unknown) => void
}): EventBroadcaster {
  throw new Error('not yet')
}
