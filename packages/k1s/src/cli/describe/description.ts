import type { KubernetesObject } from '@k1s/apimachinery'
import { lastAppliedConfigAnnotation } from '@k1s/apimachinery'
import { TabWriter } from '@k1s/cli-runtime'

/** Text in levels, each two spaces deep, whose tab-separated parts are lined up: PrefixWriter of kubectl's describe. */
export class Description {
  #text = ''
  readonly #writer = new TabWriter(
    {
      write: (text) => {
        this.#text += text
      },
    },
    { minWidth: 0, padding: 2, rememberWidths: false },
  )

  /** Writes a line. */
  line(text: string, level = 0): void {
    this.#writer.write(`${'  '.repeat(level)}${text}\n`)
  }

  /** Ends the block of lines that are lined up with each other. */
  flush(): void {
    this.#writer.flush()
  }

  toString(): string {
    this.flush()
    return this.#text
  }
}

/** The lines that most descriptions start with. */
export function describeMetadata(
  description: Description,
  object: KubernetesObject,
  namespaced: boolean,
): void {
  const { name = '', namespace = '', labels, annotations } = object.metadata
  description.line(`Name:\t${name}`)
  if (namespaced) description.line(`Namespace:\t${namespace}`)
  describeLabels(description, labels)
  describeAnnotations(description, annotations)
}

type Entries = { readonly [key: string]: string } | undefined

/** Follows printLabelsMultiline of `k8s.io/kubectl/pkg/describe`. */
function describeLabels(description: Description, labels: Entries): void {
  const lines = sortedEntries(labels).map(([key, value]) => `${key}=${value}`)
  if (lines.length === 0) lines.push('<none>')
  for (const [index, line] of lines.entries()) description.line(`${index === 0 ? 'Labels:' : ''}\t${line}`)
}

const maxAnnotationLength = 140

/** Follows printAnnotationsMultiline: what is long or has several lines stands below its key, cut off. */
function describeAnnotations(description: Description, annotations: Entries): void {
  const lines = sortedEntries(annotations)
    .filter(([key]) => key !== lastAppliedConfigAnnotation)
    .flatMap(([key, annotation]) => {
      const value = annotation.replace(/\n$/, '')
      if (value.length + key.length + 2 <= maxAnnotationLength && !value.includes('\n'))
        return [`${key}: ${value}`]
      return [`${key}:`, ...value.split('\n').map((part) => `  ${shorten(part, maxAnnotationLength - 2)}`)]
    })
  if (lines.length === 0) lines.push('<none>')
  for (const [index, line] of lines.entries())
    description.line(`${index === 0 ? 'Annotations:' : ''}\t${line}`)
}

function shorten(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}...` : text
}

function sortedEntries(entries: Entries): [string, string][] {
  return Object.entries(entries ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
}
