import { decodeJson, isJsonObject, type KubernetesList, type Unstructured } from '@k1s/apimachinery'
import { isList } from '../printers/lists.ts'
import { decodeText, isJson } from '../resource/documents.ts'
import { expandPath, fileExtensions } from '../resource/file-paths.ts'
import { checkManifestObject } from '../resource/manifest-object.ts'
import { readFile } from '../resource/read-file.ts'
import type { InputStream } from '../streams/io-streams.ts'
import { stagingPrefix } from './export-directory.ts'
import {
  cutOffError,
  type ExportMark,
  ExportMarkCheck,
  markOfDocument,
  marksOfComments,
} from './export-marks.ts'

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
  readonly onWarning?: (text: string) => void
}

/**
 * The objects of files, of all manifests in directories and below them, and of standard input (`-`): YAML and JSON
 * documents, JSON lines, and Lists, whose items are taken one by one. One document is decoded at a time.
 *
 * Throws an Error that names the file, and the line where there is one, for what cannot be read or is no object, for an
 * export that is cut off, and for a path with nothing in it.
 */
export async function* readManifests(
  paths: readonly string[],
  { stdin, strict = false, onWarning }: ReadManifestsOptions = {},
): AsyncGenerator<Manifest, void, undefined> {
  for (const path of paths) {
    let isEmpty = true
    for (const { file, read } of filesOf(path, stdin)) {
      const check = new ExportMarkCheck(file, onWarning)
      for await (const entry of entriesOf(read(), file, strict)) {
        isEmpty = false
        if ('mark' in entry) {
          check.pass(entry.mark)
          continue
        }
        for (const manifest of objectsOf(entry.value, entry.source)) {
          check.count()
          yield manifest
        }
      }
      check.finish()
    }
    if (isEmpty) throw new Error(`there are no objects in ${path === '-' ? 'STDIN' : path}`)
  }
}

interface TextFile {
  /** What messages call it. */
  readonly file: string
  readonly read: () => string
}

function filesOf(path: string, stdin: InputStream | undefined): TextFile[] {
  if (path !== '-') {
    return manifestFiles(path).map((file) => ({ file, read: () => decodeText(readFile(file), file) }))
  }
  if (stdin === undefined) throw new Error('there is no standard input')
  return [{ file: 'STDIN', read: () => stdin.readAll() }]
}

/** What an export that was killed has left behind is not looked at. */
function manifestFiles(path: string): readonly string[] {
  return expandPath(path, true, [...fileExtensions, '.jsonl']).files.filter(
    (file) => !file.includes(`/${stagingPrefix}`),
  )
}

interface Document {
  readonly value: unknown
  readonly source: string
}

/** The documents of a file and the marks of an export among them, in their order. */
async function* entriesOf(
  text: string,
  file: string,
  strict: boolean,
): AsyncGenerator<Document | { readonly mark: ExportMark }, void, undefined> {
  const comments = marksOfComments(text)
  // The last document is broken as well, which would be the worse complaint.
  if (comments.at(-1)?.type === 'begin') throw cutOffError(file)
  for await (const { value, source, line } of documentsOf(text, file, strict)) {
    while (comments[0] !== undefined && comments[0].line < line) yield { mark: comments.shift()! }
    const mark = markOfDocument(value)
    yield mark === undefined ? { value, source } : { mark }
  }
  for (const mark of comments) yield { mark }
}

async function* documentsOf(
  text: string,
  file: string,
  strict: boolean,
): AsyncGenerator<Document & { readonly line: number }, void, undefined> {
  if (isJsonLines(text)) {
    for (const { line: json, number: line } of linesOf(text)) {
      const source = `${file}:${line}`
      yield { value: decodeJson(json, { file: source, strict }), source, line }
    }
    return
  }
  if (/^\s*[{[]/.test(text) && isJson(text)) {
    yield { value: decodeJson(text, { file, strict }), source: file, line: 1 }
    return
  }
  const { decodeYamlDocuments } = await import('@k1s/apimachinery/yaml')
  let isFirst = true
  for (const { value, line } of decodeYamlDocuments(text, { file, strict })) {
    yield { value, source: isFirst ? file : `${file}:${line}`, line }
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
