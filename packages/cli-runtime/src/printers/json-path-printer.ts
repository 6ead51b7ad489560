import { canonicalJson, type JsonPath, parseJsonPath, type WatchEvent } from '@k1s/apimachinery'
import type { TextWriter } from '../streams/io-streams.ts'
import type { Printable, ResourcePrinter } from './printer.ts'

export interface JsonPathPrinterOptions {
  /** Defaults to true, as the flag does. */
  readonly allowMissingTemplateKeys?: boolean
  /** Each result as a JSON array, for `-o jsonpath-as-json`. */
  readonly asJson?: boolean
}

/** Prints what a JSONPath template makes of an object: `printers.JSONPathPrinter`. */
export class JsonPathPrinter implements ResourcePrinter {
  readonly #template: string
  readonly #path: JsonPath
  readonly #asJson: boolean

  /** @throws Error if the template cannot be parsed. */
  constructor(template: string, options: JsonPathPrinterOptions = {}) {
    this.#template = template
    this.#asJson = options.asJson ?? false
    try {
      this.#path = parseJsonPath(template, { allowMissingKeys: options.allowMissingTemplateKeys ?? true })
    } catch (error) {
      throw new Error(`error parsing jsonpath ${template}, ${(error as Error).message}`, { cause: error })
    }
  }

  print(object: Printable, out: TextWriter, eventType?: WatchEvent['type']): void {
    const subject = eventType === undefined ? object : { type: eventType, object }
    out.write(
      this.#asJson
        ? this.#fill((path) => path.printJson(subject), subject)
        : this.#fill((path) => path.print(subject), subject),
    )
  }

  #fill(print: (path: JsonPath) => string, object: unknown): string {
    try {
      return print(this.#path)
    } catch (error) {
      throw new Error(
        `error executing jsonpath ${JSON.stringify(this.#template)}: Error executing template: ${(error as Error).message}. Printing more information for debugging the template:\n\ttemplate was:\n\t\t${this.#template}\n\tobject given to jsonpath engine was:\n\t\t${canonicalJson(object)}\n`,
        { cause: error },
      )
    }
  }
}
