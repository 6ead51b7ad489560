import { formatGoFloat } from '@k1s/apimachinery'

export type MetricType = 'counter' | 'gauge' | 'histogram'

/** Names of labels with their values. */
export type Labels = { readonly [name: string]: string }

/**
 * Metrics in Prometheus' text format, version 0.0.4
 * (https://prometheus.io/docs/instrumenting/exposition_formats/). A family is followed by its samples.
 */
export class Exposition {
  static readonly contentType = 'text/plain; version=0.0.4; charset=utf-8'
  readonly #lines: string[] = []
  #name = ''

  /** Begins a metric. What follows are its samples. */
  family(name: string, type: MetricType, help: string): void {
    this.#name = name
    this.#lines.push(`# HELP ${name} ${escapeHelp(help)}`, `# TYPE ${name} ${type}`)
  }

  /** `suffix` is what the samples of a histogram have behind the name of the metric. */
  sample(labels: Labels, value: number, suffix: '' | '_bucket' | '_sum' | '_count' = ''): void {
    this.#lines.push(`${this.#name}${suffix}${textOf(labels)} ${numberText(value)}`)
  }

  /** A metric that is one number. */
  single(name: string, type: MetricType, help: string, value: number): void {
    this.family(name, type, help)
    this.sample({}, value)
  }

  toString(): string {
    return `${this.#lines.join('\n')}\n`
  }
}

function textOf(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeValue(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

function escapeValue(value: string): string {
  return escapeHelp(value).replaceAll('"', '\\"')
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}

/** As Prometheus' own library writes it, also where it is the value of a label: `1e-08`. */
export function numberText(value: number): string {
  return formatGoFloat(value)
}
