import { exactJson } from '@k1s/apimachinery'
import { omitManagedFields, type Printable, type ResourcePrinter, type TextWriter } from '@k1s/cli-runtime'
import type { Event } from './event.ts'
import { typedEvent } from './typed-event.ts'

/** Prints Events as kubectl does, which has made Go structs of them. */
export class TypedPrinter implements ResourcePrinter {
  readonly #output: string
  readonly #showManagedFields: boolean
  readonly #printer: ResourcePrinter

  constructor(output: string, showManagedFields: boolean | undefined, printer: ResourcePrinter) {
    this.#output = output
    this.#showManagedFields = showManagedFields === true
    this.#printer = printer
  }

  print(object: Printable, out: TextWriter): void {
    const typed =
      'items' in object
        ? { ...object, items: (object.items as Event[]).map(typedEvent) }
        : typedEvent(object as Event)
    if (this.#output !== 'json') this.#printer.print(typed as Printable, out)
    else out.write(structJson(this.#showManagedFields ? typed : omitManagedFields(typed as Printable)))
  }
}

/** JSON with the fields in the order in which they are, as `json.MarshalIndent` writes a struct. */
function structJson(value: unknown): string {
  const text = exactJson(value, 4).replaceAll(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return `${text}\n`
}
