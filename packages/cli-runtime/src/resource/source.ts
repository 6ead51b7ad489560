import type { RestMapping } from '../mapping/rest-mapper.ts'
import type { ResourceInfo } from './info.ts'
import type { Selection } from './requests.ts'

/** Where objects come from: one file, one selector, or one name. */
export interface Source {
  /** Known for selectors and names. */
  readonly mapping?: RestMapping
  /** What can be watched as a whole, for selectors. */
  readonly selection?: Selection
  /** An object that cannot be understood comes as a FoundError, and others may follow it. */
  find(): AsyncIterable<ResourceInfo | FoundError>
}

export class FoundError {
  readonly error: unknown

  constructor(error: unknown) {
    this.error = error
  }
}
