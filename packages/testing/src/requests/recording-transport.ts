import type { Clock } from '@k1s/apimachinery'
import type { ApiRequest, Transport } from '@k1s/core'
import { observedEvents } from './observed-events.ts'
import { RecordedRequest } from './recorded-request.ts'
import type { RequestVerb } from './request-match.ts'
import type { RequestRecorder } from './request-recorder.ts'

/** Writes down what passes. */
export function recordingTransport(next: Transport, recorder: RequestRecorder, clock: Clock): Transport {
  const begin = (request: ApiRequest, verb: RequestVerb) => {
    const recorded = new RecordedRequest(request, verb, clock.now())
    recorder.add(recorded)
    return recorded
  }
  const record = async <T>(recorded: RecordedRequest, answer: Promise<T>, codeOf: (answer: T) => number) => {
    try {
      const response = await answer
      recorded.answered(codeOf(response), clock.now())
      return response
    } catch (error) {
      recorded.failed(error, clock.now())
      throw error
    }
  }
  return {
    ...passedOn(next),
    request: (request) => record(begin(request, request.verb), next.request(request), ({ code }) => code),
    ...(next.changes !== undefined && {
      changes: (request: ApiRequest, onWarning?: (text: string) => void) =>
        record(begin(request, 'changes'), next.changes!(request, onWarning), () => 200),
    }),
    watch(request, onWarning, onOpen) {
      const { signal } = request
      let recorded: RecordedRequest | undefined
      return observedEvents(
        () => {
          const begun = begin(request, 'watch')
          recorded = begun
          return next.watch(request, onWarning, () => {
            // One that was aborted while it was opened ends without an event.
            if (signal?.aborted !== true) begun.code = 200
            onOpen?.()
          })
        },
        (error) => {
          const wasOpen = recorded?.code !== undefined || signal?.aborted !== true
          if (error === undefined && wasOpen) recorded?.answered(200, clock.now())
          else recorded?.failed(error ?? signal?.reason, clock.now())
        },
      )
    },
  }
}

/** All of a transport that is not about objects. */
export function passedOn(
  next: Transport,
): Pick<Transport, 'discover' | 'discovered' | 'describe' | 'discoveryVersion'> {
  return {
    discover: (...asked) => next.discover(...asked),
    ...(next.discovered !== undefined && { discovered: (tenant: string) => next.discovered!(tenant) }),
    ...(next.describe !== undefined && {
      describe: (...asked: Parameters<NonNullable<Transport['describe']>>) => next.describe!(...asked),
    }),
    ...(next.discoveryVersion !== undefined && {
      discoveryVersion: (tenant: string) => next.discoveryVersion!(tenant),
    }),
  }
}
