import { escapeTerminal, type Printable, type ResourcePrinter, type TextWriter } from '@k1s/cli-runtime'
import { type Event, eventInterval } from './event.ts'

export interface EventPrinterOptions {
  readonly noHeaders: boolean
  readonly allNamespaces: boolean
}

/** Lines of cells between tabs: EventPrinter of `k8s.io/kubectl/pkg/cmd/events`. */
export class EventPrinter implements ResourcePrinter {
  readonly #options: EventPrinterOptions
  #hasHeaders: boolean

  constructor(options: EventPrinterOptions) {
    this.#options = options
    this.#hasHeaders = options.noHeaders
  }

  print(object: Printable, out: TextWriter): void {
    const { allNamespaces } = this.#options
    if (!this.#hasHeaders) {
      out.write(`${allNamespaces ? 'NAMESPACE\t' : ''}LAST SEEN\tTYPE\tREASON\tOBJECT\tMESSAGE\n`)
    }
    this.#hasHeaders = true
    const events = 'items' in object ? (object.items as Event[]) : [object as Event]
    const now = Date.now()
    for (const event of events) {
      const { kind = '', name = '' } = event.involvedObject ?? {}
      const cells = [
        event.type ?? '',
        event.reason ?? '',
        `${kind}/${name}`,
        (event.message ?? '').trim(),
      ].map(escapeTerminal)
      const namespace = allNamespaces ? [event.metadata.namespace ?? ''] : []
      out.write(`${[...namespace, eventInterval(event, now), ...cells].join('\t')}\n`)
    }
  }
}
