import type { WatchEvent } from '@k1s/apimachinery'
import { encodeYaml } from '@k1s/apimachinery/yaml'
import type { TextWriter } from '../streams/io-streams.ts'
import { omitManagedFields } from './managed-fields.ts'
import type { Printable, ResourcePrinter } from './printer.ts'

/** Prints YAML with keys in order; `---` stands between documents. Loaded only for `-o yaml`. */
export class YamlPrinter implements ResourcePrinter {
  readonly #showManagedFields: boolean
  #printed = false

  constructor(options: { readonly showManagedFields?: boolean } = {}) {
    this.#showManagedFields = options.showManagedFields ?? false
  }

  print(object: Printable, out: TextWriter, eventType?: WatchEvent['type']): void {
    if (this.#printed) out.write('---\n')
    this.#printed = true
    const shown = this.#showManagedFields ? object : omitManagedFields(object)
    out.write(encodeYaml(eventType === undefined ? shown : { object: shown, type: eventType }))
  }
}
