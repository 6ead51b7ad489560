import { formatGroupKind, groupVersionKindOf } from '@k1s/apimachinery'
import type { TextWriter } from '../streams/io-streams.ts'
import { isList } from './lists.ts'
import type { Printable, ResourcePrinter } from './printer.ts'

/**
 * Prints `configmap/x` or `item.inventory.k1s.dev/x`, followed by what was done with it if an operation is given:
 * `printers.NamePrinter`.
 */
export class NamePrinter implements ResourcePrinter {
  readonly #suffix: string

  constructor(operation = '') {
    this.#suffix = operation === '' ? '' : ` ${operation}`
  }

  print(object: Printable, out: TextWriter): void {
    if (isList(object)) {
      for (const item of object.items) this.print(item, out)
      return
    }
    if (!object.kind) {
      throw new Error('missing apiVersion or kind; the object cannot be named')
    }
    const metadata = object.metadata as { name?: string } | undefined
    const kind = formatGroupKind(groupVersionKindOf(object)).toLowerCase()
    out.write(`${kind}/${metadata?.name || '<unknown>'}${this.#suffix}\n`)
  }
}
