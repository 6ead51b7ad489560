import type { Unstructured, WatchEvent } from '@k1s/apimachinery'
import type { RestMapping } from '../mapping/rest-mapper.ts'
import type { Printable } from '../printers/printer.ts'
import type { Info } from './info.ts'

/** Called for each object. What it throws counts as that object's error. */
export type VisitorFunc = (info: Info) => void | Promise<void>

/** What a builder found: `resource.Result`. Sources are read when it is visited. */
export interface Result {
  /** True if the input could only be one object (one name, or one file with one path). Known after a visit. */
  readonly singleItemImplied: boolean
  /** True if objects were named (by name or file), false if they were selected. */
  readonly targetsSingleItems: boolean
  /** Wrong arguments. Also thrown by every other method. */
  readonly error: Error | undefined
  /** Errors for which `match` is true are dropped from what a visit throws (`--ignore-not-found`). */
  ignoreErrors(...matches: ((error: unknown) => boolean)[]): Result
  /** Throws what keeps everything from being read, such as an unknown type: `Err` of a Result in Kubernetes. */
  open(): Promise<void>
  /**
   * Calls `visit` with each object in order. Without continueOnError the first error ends it; with it, all errors are
   * thrown as one AggregateError after the last object, or the only one as it is.
   */
  visit(visit: VisitorFunc): Promise<void>
  /** All objects, read once. Throws what {@link visit} throws. */
  infos(): Promise<Info[]>
  /** As {@link infos}, but an error does not lose what was found. */
  infosAndError(): Promise<{ infos: Info[]; error: Error | undefined }>
  /** The one object, or a `v1` List of all of them. */
  object(): Promise<Printable>
  /** The one mapping that was asked for. Throws if there are several. */
  resourceMapping(): Promise<RestMapping>
  /** Watches the one list or object that was asked for. */
  watch(options: {
    resourceVersion?: string
    signal?: AbortSignal
    asTable?: boolean
  }): Promise<AsyncIterable<WatchEvent<Unstructured>>>
}
