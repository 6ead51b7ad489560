import { canonicalJson, encodeJson, type Unstructured } from '@k1s/apimachinery'
import type { OutputStream } from '@k1s/cli-runtime'
import { beginMark, type ExportedObject, endMark } from '@k1s/cli-runtime/bulk'

export type StreamFormat = 'yaml' | 'json' | 'jsonl'

/**
 * Writes objects as they come, so that none is kept, each as `get -o` writes it. What is cut off can be told: JSON by its
 * grammar, all else by the marks at both ends.
 */
export async function writeObjectStream(
  objects: AsyncIterable<ExportedObject>,
  format: StreamFormat,
  out: OutputStream,
): Promise<void> {
  if (format === 'json') return writeList(objects, out)
  const encode = format === 'jsonl' ? encodeLine : (await import('@k1s/apimachinery/yaml')).encodeYaml
  const separator = format === 'jsonl' ? '' : '---\n'
  let count = 0
  // With the first object, so that nothing is printed when it cannot be read.
  for await (const { object } of objects) {
    out.write(`${count === 0 ? beginMark(format) : separator}${encode(object)}`)
    count++
  }
  out.write(`${count === 0 ? beginMark(format) : ''}${endMark(format, count)}`)
}

function encodeLine(object: Unstructured): string {
  return `${canonicalJson(object)}\n`
}

/** A `v1` List, of which nothing but the items is ever more than a line. */
async function writeList(objects: AsyncIterable<ExportedObject>, out: OutputStream): Promise<void> {
  const indent = ' '.repeat(8)
  out.write('{\n    "apiVersion": "v1",\n    "items": [')
  let isFirst = true
  for await (const { object } of objects) {
    const text = encodeJson(object).trimEnd().replaceAll('\n', `\n${indent}`)
    out.write(`${isFirst ? '' : ','}\n${indent}${text}`)
    isFirst = false
  }
  out.write(
    `${isFirst ? '' : '\n    '}],\n    "kind": "List",\n    "metadata": {\n        "resourceVersion": ""\n    }\n}\n`,
  )
}
