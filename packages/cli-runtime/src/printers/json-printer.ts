import { canonicalJson, encodeJson, type WatchEvent } from '@k1s/apimachinery'
import type { TextWriter } from '../streams/io-streams.ts'
import { omitManagedFields } from './managed-fields.ts'
import type { Printable, ResourcePrinter } from './printer.ts'

/** Prints JSON indented by four, keys in order, as kubectl does. An event of a watch takes one line. */
export class JsonPrinter implements ResourcePrinter {
  readonly #showManagedFields: boolean

  constructor(options: { readonly showManagedFields?: boolean } = {}) {
    this.#showManagedFields = options.showManagedFields ?? false
  }

  print(object: Printable, out: TextWriter, eventType?: WatchEvent['type']): void {
    const shown = this.#showManagedFields ? object : omitManagedFields(object)
    out.write(
      eventType === undefined
        ? encodeJson(shown)
        : `{"type":${JSON.stringify(eventType)},"object":${canonicalJson(shown)}}\n`,
    )
  }
}
