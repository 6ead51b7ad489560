import type { WatchEvent } from '@k1s/apimachinery'
import type { TextWriter } from '../streams/io-streams.ts'
import { isList, isTable } from './lists.ts'
import type { Printable, ResourcePrinter } from './printer.ts'
import { sortObjects, sortTable } from './sort.ts'

/** Sorts lists and tables before another printer prints them, for `--sort-by`. */
export class SortingPrinter implements ResourcePrinter {
  readonly #path: string
  readonly #delegate: ResourcePrinter

  constructor(path: string, delegate: ResourcePrinter) {
    this.#path = path
    this.#delegate = delegate
  }

  print(object: Printable, out: TextWriter, eventType?: WatchEvent['type']): void {
    this.#delegate.print(this.#sort(object), out, eventType)
  }

  #sort(object: Printable): Printable {
    if (isTable(object)) return object.rows.length > 1 ? sortTable(object, this.#path) : object
    if (isList(object) && object.items.length > 0) {
      return { ...object, items: sortObjects(object.items, this.#path) }
    }
    return object
  }
}
