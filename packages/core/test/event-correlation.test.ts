import type { KubernetesObject } from '@k1s/apimachinery'
import {
  type CorrelatorOptions,
  createEventBroadcaster,
  type EventSink,
  type RecordedEvent,
} from '@k1s/core/events'
import { FakeClock } from '@k1s/testing'
import { describe, expect, test } from 'vitest'

const pod = (name: string, namespace = 'my-ns', uid = `of-${name}`): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, uid },
})
const myPod = pod('my-pod')

type Recorded = readonly [reason: string, message: string, object?: KubernetesObject]

/** A recorder whose Events come to a sink, which keeps what it is asked for. */
function newRecording(options: CorrelatorOptions = {}) {
  const clock = new FakeClock()
  const requests: { verb: 'create' | 'patch'; event: RecordedEvent }[] = []
  const take = (verb: 'create' | 'patch') => async (event: RecordedEvent) => {
    requests.push({ verb, event })
    return event
  }
  const sink: EventSink = { create: take('create'), patch: take('patch') }
  const broadcaster = createEventBroadcaster({ ...options, clock })
  broadcaster.startRecordingToSink(sink)
  const recorder = broadcaster.newRecorder({ component: 'kubelet', host: 'kubelet.node1' })
  return {
    requests,
    broadcaster,
    recorder,
    clock,
    async record(events: readonly Recorded[], secondsBetween = 0): Promise<void> {
      for (const [reason, message, object = myPod] of events) {
        recorder.event(object, 'Normal', reason, message)
        await broadcaster.flush()
        await clock.advance(secondsBetween * 1000)
      }
    },
  }
}

const times = (count: number, event: (index: number) => Recorded) =>
  Array.from({ length: count }, (_, index) => event(index))
const same = (count: number) => times(count, () => ['duplicate', 'me again'])
const similar = (count: number) => times(count, (index) => ['similar', `message ${index}`])

// With the scenarios of k8s.io/client-go/tools/record/events_cache_test.go.
describe('events that are recorded', () => {
  test('are created one by one if they differ', async () => {
    const { record, requests } = newRecording()
    await record(
      times(30, (index) => [`reason-${index}`, `message-${index}`, pod(`pod-${index}`, `ns-${index}`)]),
    )
    expect(requests.map(({ verb, event }) => [verb, event.count, event.message])).toEqual(
      times(30, () => ['', '']).map((_, index) => ['create', 1, `message-${index}`]),
    )
  })

  test('are counted if they are the same, under the first name and since the first time', async () => {
    const { record, requests } = newRecording()
    await record(same(2), 5)
    const [first, second] = requests
    expect(second).toEqual({
      verb: 'patch',
      event: { ...first!.event, count: 2, lastTimestamp: '2026-01-01T00:00:05Z' },
    })
  })

  test('are counted if they are the same, also more often than similar ones are put together', async () => {
    const { record, requests } = newRecording()
    await record(same(11), 30)
    expect(requests.map(({ event }) => event.count)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
  })

  test('are dropped after 25 of an object and type, and counted with the next, 300 seconds later', async () => {
    const { record, recorder, requests, clock, broadcaster } = newRecording()
    await record(same(27))
    expect(requests).toHaveLength(25)
    await clock.advance(299_000)
    await record(same(1))
    expect(requests).toHaveLength(25)
    await clock.advance(1000)
    await record(same(2))
    expect(requests.slice(25).map(({ event }) => event.count)).toEqual([29])
    recorder.event(myPod, 'Warning', 'duplicate', 'me again')
    recorder.event(pod('other'), 'Normal', 'duplicate', 'me again')
    await broadcaster.flush()
    expect(requests.slice(26).map(({ event }) => event.count)).toEqual([1, 1])
  })

  test('are put together from the tenth on that differs in its message', async () => {
    const { record, requests } = newRecording()
    await record(similar(11), 5)
    expect(requests.slice(8).map(({ verb, event }) => [verb, event.count, event.message])).toEqual([
      ['create', 1, 'message 8'],
      ['create', 1, '(combined from similar events): message 9'],
      ['patch', 2, '(combined from similar events): message 10'],
    ])
    const names = requests.map(({ event }) => event.metadata.name)
    expect(names[10]).toBe(names[9])
    expect(new Set(names).size).toBe(10)
    expect(requests[9]!.event).toMatchObject({
      source: { component: 'kubelet', host: 'kubelet.node1' },
      firstTimestamp: '2026-01-01T00:00:45Z',
      involvedObject: { name: 'my-pod', uid: 'of-my-pod' },
    })
  })

  test('are put together only if at most 600 seconds lie between them', async () => {
    const apart = newRecording()
    await apart.record(similar(12), 601)
    expect(apart.requests.map(({ event }) => event.message)).toEqual(
      similar(12).map(([, message]) => message),
    )
    const near = newRecording()
    await near.record(similar(10), 600)
    expect(near.requests[9]!.event.message).toBe('(combined from similar events): message 9')
  })

  test('are others if object, uid or reason are others', async () => {
    const { record, requests } = newRecording()
    await record([
      ['a', 'text'],
      ['b', 'text'],
      ['a', 'text', pod('my-pod', 'my-ns', 'of-the-next')],
      ['a', 'text', pod('my-pod', 'other-ns')],
      ['a', 'text'],
    ])
    expect(requests.map(({ event }) => event.count)).toEqual([1, 1, 1, 1, 2])
  })

  test('of several users are not counted in the name of one', async () => {
    const { broadcaster, requests } = newRecording()
    for (const name of ['jane', 'john', 'jane']) {
      broadcaster.newRecorder({ component: 'c', user: { name } }).event(myPod, 'Normal', 'Done', 'by hand')
    }
    await broadcaster.flush()
    expect(requests.map(({ event }) => [event.metadata.annotations, event.count])).toEqual([
      [{ 'k1s.dev/user': 'jane' }, 1],
      [{ 'k1s.dev/user': 'john' }, 1],
      [{ 'k1s.dev/user': 'jane' }, 2],
    ])
  })

  test('follow the options of the correlator', async () => {
    const { record, requests, clock } = newRecording({
      burstSize: 4,
      qps: 1,
      maxEvents: 2,
      maxIntervalInSeconds: 10,
      messageFunc: ({ message }) => `many: ${message}`,
      keyFunc: ({ reason, message }) => ({ aggregateKey: reason, localKey: message }),
    })
    await record([
      ['a', '1'],
      ['a', '2', pod('other')],
      ['a', '3'],
    ])
    expect(requests.map(({ event }) => [event.message, event.count])).toEqual([
      ['1', 1],
      ['many: 2', 1],
      ['many: 3', 2],
    ])
    await clock.advance(11_000)
    await record([['a', '4'], ...same(5)])
    expect(requests.slice(3).map(({ event }) => event.message)).toEqual([
      '4',
      'me again',
      'me again',
      'me again',
    ])
    await clock.advance(1000)
    await record(same(2))
    expect(requests).toHaveLength(8)
  })

  // TestEventSpamFilter of the same file.
  test('are dropped by what spamKeyFunc tells apart', async () => {
    const apart = newRecording({ burstSize: 1, spamKeyFunc: ({ reason }) => reason })
    await apart.record([
      ['original', 'i am first'],
      ['duplicate', 'me again'],
      ['original', 'me again'],
    ])
    expect(apart.requests.map(({ event }) => event.message)).toEqual(['i am first', 'me again'])
    const together = newRecording({ burstSize: 1 })
    await together.record([
      ['original', 'i am first'],
      ['duplicate', 'me again'],
    ])
    expect(together.requests.map(({ event }) => event.message)).toEqual(['i am first'])
  })

  test('are new when lruCacheSize others were recorded since', async () => {
    const { record, requests } = newRecording({ lruCacheSize: 2 })
    await record([...same(2), ['a', ''], ...same(1), ['b', ''], ['c', ''], ...same(1)])
    expect(requests.map(({ event }) => event.count)).toEqual([1, 2, 1, 3, 1, 1, 1])
  })
})
