import { fileURLToPath } from 'node:url'
import { isJsonObject, type Unstructured } from '@k1s/apimachinery'
import type { Manifest } from '@k1s/cli-runtime/bulk'
import type { ObjectSource } from '../test-environment.ts'

/**
 * The objects of sources, in their order. Throws an Error that names the file and line, or the text by its place among the
 * sources (`objects[1]:12`), for what cannot be read or is no object.
 */
export async function readObjects(
  option: 'crds' | 'objects',
  sources: ObjectSource | readonly ObjectSource[],
): Promise<Manifest[]> {
  const list = isList(sources) ? sources : [sources]
  const read = await Promise.all(list.map((source, index) => readSource(source, `${option}[${index}]`)))
  return read.flat()
}

function isList(sources: ObjectSource | readonly ObjectSource[]): sources is readonly ObjectSource[] {
  return Array.isArray(sources)
}

async function readSource(source: ObjectSource, place: string): Promise<Manifest[]> {
  if (typeof source === 'string') return isText(source) ? readText(source, place) : readPath(source)
  if (source instanceof URL) return readPath(fileURLToPath(source))
  return [...objectsOf(source, place)]
}

/** No path has `apiVersion:` in it: what is wrong with such a text is not that there is no file. */
function isText(source: string): boolean {
  return source.includes('\n') || source.trimStart().startsWith('{') || source.includes('apiVersion:')
}

async function readPath(path: string): Promise<Manifest[]> {
  const { readManifests } = await import('@k1s/cli-runtime/bulk')
  const manifests: Manifest[] = []
  for await (const manifest of readManifests([path], { strict: true })) manifests.push(manifest)
  return manifests
}

async function readText(text: string, place: string): Promise<Manifest[]> {
  const { decodeYaml } = await import('@k1s/apimachinery/yaml')
  return decodeYaml(text, { file: place, strict: true }).flatMap(({ value, line }) => [
    ...objectsOf(value, line === 1 ? place : `${place}:${line}`),
  ])
}

/** The object, or those of a `List`. */
function* objectsOf(value: unknown, source: string): Generator<Manifest> {
  if (isJsonObject(value) && value.kind === 'List' && Array.isArray(value.items)) {
    for (const item of value.items) yield* objectsOf(item, source)
    return
  }
  if (!isObject(value))
    throw new Error(`${source}: it is no object: apiVersion, kind and metadata are needed`)
  yield { object: value, source }
}

function isObject(value: unknown): value is Unstructured {
  return (
    isJsonObject(value) &&
    typeof value.apiVersion === 'string' &&
    typeof value.kind === 'string' &&
    isJsonObject(value.metadata)
  )
}
