import { canonicalJson, encodeJson } from '@k1s/apimachinery'
import type { OutputStream } from '@k1s/cli-runtime'
import type { ExportedObject } from '@k1s/cli-runtime/bulk'

export type StreamFormat = 'yaml' | 'json' | 'jsonl'

/** Writes objects as they come, so that none is kept. Bytes are those of `get -o` where it has the format. */
export async function writeObjectStream(
  objects: AsyncIterable<ExportedObject>,
  format: StreamFormat,
  out: OutputStream,
): Promise<void> {
  if (format === 'json') return writeList(objects, out)
  if (format === 'jsonl') {
    for await (const { object } of objects) out.write(`${canonicalJson(object)}\n`)
    return
  }
  const { encodeYaml } = await import('@k1s/apimachinery/yaml')
  let isFirst = true
  for await (const { object } of objects) {
    out.write(isFirst ? encodeYaml(object) : `---\n${encodeYaml(object)}`)
    isFirst = false
  }
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
