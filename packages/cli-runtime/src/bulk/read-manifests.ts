import { decodeJson, isJsonObject, type KubernetesList, type Unstructured } from '@k1s/apimachinery'
import { isList } from '../printers/lists.ts'
import { decodeText } from '../resource/documents.ts'
import { expandPath, fileExtensions } from '../resource/file-paths.ts'
import { checkManifestObject } from '../resource/manifest-object.ts'
import { readFile } from '../resource/read-file.ts'
import type { InputStream } from '../streams/io-streams.ts'
import { stagingPrefix } from './export-directory.ts'

/** An object of a file, with where to look for it. */
export interface Manifest {
  readonly object: Unstructured
  /** The file, and the line for documents after the first: `items.yaml:31`. */
  readonly source: string
}

export interface ReadManifestsOptions {
  /** What `-` means. Without it, `-` is refused. */
  readonly stdin?: InputStream
  /** Refuse an object that has a key twice. Otherwise the last one counts. */
  readonly strict?: boolean
}

/**
 * The objects of files, of all manifests in directories and below them, and of standard input (`-`): YAML and JSON
 * documents, JSON lines, and Lists, whose items are taken one by one. One document is decoded at a time.
 *
 * Throws an Error that names the file, and the line where there is one, for what cannot be read or is no object.
 */
export async function* readManifests(
  paths: readonly string[],
  { stdin, strict = false }: ReadManifestsOptions = {},
): AsyncGenerator<Manifest, void, undefined> {
  for (const path of paths) {
    if (path === '-') {
      if (stdin === undefined) throw new Error('there is no standard input')
      yield* documentsOf(stdin.readAll(), 'STDIN', strict)
      continue
    }
    for (const file of manifestFiles(path)) {
      yield* documentsOf(decodeText(readFile(file), file), file, strict)
    }
  }
}

/** What an export that was killed has left behind is not looked at. */
function manifestFiles(path: string): readonly string[] {
  return expandPath(path, true, [...fileExtensions, '.jsonl']).files.filter(
    (file) => !file.includes(`/${stagingPrefix}`),
  )
}

async function* documentsOf(
  text: string,
  file: string,
  strict: boolean,
): AsyncGenerator<Manifest, void, undefined> {
  if (isJsonLines(text)) {
    for (const { line, number } of linesOf(text)) {
      const source = `${file}:${number}`
      yield* objectsOf(decodeJson(line, { file: source, strict }), source)
    }
    return
  }
  if (/^\s*[{[]/.test(text) && isJson(text)) {
    yield* objectsOf(decodeJson(text, { file, strict }), file)
    return
  }
  const { decodeYamlDocuments } = await import('@k1s/apimachinery/yaml')
  let isFirst = true
  for (const { value, line } of decodeYamlDocuments(text, { file, strict })) {
    yield* objectsOf(value, isFirst ? file : `${file}:${line}`)
    isFirst = false
  }
}

/** Whether the first line is an object by itself, and more lines follow. */
function isJsonLines(text: string): boolean {
  const end = text.indexOf('\n')
  if (end < 0 || !text.startsWith('{')) return false
  return isJson(text.slice(0, end)) && /\S/.test(text.slice(end))
}

function* linesOf(text: string): Generator<{ line: string; number: number }> {
  let number = 1
  for (let start = 0; start < text.length; number++) {
    const found = text.indexOf('\n', start)
    const end = found < 0 ? text.length : found
    const line = text.slice(start, end)
    if (line.trim() !== '') yield { line, number }
    start = end + 1
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** The object, or those of a List. Items of a list as an API server sends it do not say what they are. */
function* objectsOf(value: unknown, source: string): Generator<Manifest> {
  const object = checkManifestObject(value, source)
  if (!object.kind.endsWith('List') || !isList(object)) {
    yield { object, source }
    return
  }
  const { apiVersion, kind, items } = object as unknown as KubernetesList
  const type = kind === 'List' ? {} : { apiVersion, kind: kind.slice(0, -'List'.length) }
  for (const item of items) yield* objectsOf(isJsonObject(item) ? { ...type, ...item } : item, source)
}
