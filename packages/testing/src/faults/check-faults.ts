import { checkFields, type FieldsOf } from '@k1s/apimachinery'
import { requestMatchFields } from '../requests/request-match.ts'
import type { FaultOptions } from './fault.ts'
import type { DropOptions, FailOptions, LatencyOptions } from './faults.ts'

// A mistyped field would mean all requests.
const faultFields: FieldsOf<FaultOptions> = { ...requestMatchFields, times: true }
const failFields: FieldsOf<FailOptions> = { ...faultFields, error: true, afterwards: true }
const latencyFields: FieldsOf<LatencyOptions> = { ...faultFields, delay: true }
const dropFields: FieldsOf<DropOptions> = { resource: true, namespace: true, user: true, expired: true }

export function checkConflict(options: FaultOptions): void {
  checkFields('faults.conflict', options, faultFields)
}

export function checkFail(options: FailOptions): void {
  checkFields('faults.fail', options, failFields)
  if (typeof options.error !== 'function') checkError(options.error)
}

export function checkLatency(options: LatencyOptions): void {
  checkFields('faults.latency', options, latencyFields)
}

export function checkDrop(options: DropOptions): void {
  checkFields('faults.dropWatches', options, dropFields)
}

/** Returns what is to be thrown. Any object will do: Errors of another realm, as in Jest, are not ours. */
export function checkError(error: Error): Error {
  if (typeof error === 'object' && error !== null) return error
  throw new TypeError(
    `faults.fail: error is an Error, or a function that makes one of the request, not ${error}`,
  )
}
