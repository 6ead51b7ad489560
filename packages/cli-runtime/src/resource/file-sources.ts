import { parseLabelSelector, type Unstructured } from '@k1s/apimachinery'
import type { OpenRequests } from './argument-sources.ts'
import { decodeDocuments, decodeText, type SourceDocument } from './documents.ts'
import { expandPath } from './file-paths.ts'
import { ResourceInfo } from './info.ts'
import { checkManifestObject } from './manifest-object.ts'
import { localMapping, resolveObjectKind } from './object-mapping.ts'
import type { BuilderContext, Query } from './query.ts'
import { readFile } from './read-file.ts'
import { FoundError, type Source } from './source.ts'

/** The name under which standard input stands in messages. */
const stdinName = 'STDIN'

export interface FileSources {
  readonly sources: Source[]
  /** True if all there is is one file, named as such. */
  readonly singleItemImplied: boolean
}

/** One source for each file, standard input and text. They are read when they are visited. */
export function fileSources(query: Query, context: BuilderContext, open: OpenRequests): FileSources {
  const sourceOf = (file: string, read: () => string): Source => ({
    async *find() {
      const documents = await decodeDocuments(read(), file, query.fieldValidation === 'Strict')
      if (query.fieldValidation === 'Warn') warnOfDuplicates(documents, file, context)
      for (const document of documents) yield await infoOf(document, query, context, open)
    },
  })
  let single = true
  const sources = query.filenames.flatMap((filename) => {
    if (filename === '-') {
      single = false
      return [sourceOf(stdinName, () => context.streams.in.readAll())]
    }
    const expanded = expandPath(filename, query.recursive)
    single &&= expanded.single
    return expanded.files.map((file) => sourceOf(file, () => decodeText(readFile(file), file)))
  })
  sources.push(...query.streams.map(({ text, name }) => sourceOf(name, () => text)))
  return { sources, singleItemImplied: single && sources.length === 1 && query.streams.length === 0 }
}

/**
 * A filter by labels for objects from files, which no server selects.
 *
 * @throws Error if the selector cannot be parsed.
 */
export function labelFilter(labelSelector: string): (info: ResourceInfo) => boolean {
  try {
    const selector = parseLabelSelector(labelSelector)
    return ({ object }) => selector.matches((object as Unstructured).metadata.labels)
  } catch (error) {
    throw new Error(
      `the provided selector ${JSON.stringify(labelSelector)} is not valid: ${(error as Error).message}`,
      { cause: error },
    )
  }
}

/** The info of one object; `v1` Lists stay unresolved, their items are looked up one by one. */
export async function infoOf(
  { value, file, position }: Omit<SourceDocument, 'duplicateKeys'>,
  query: Query,
  context: BuilderContext,
  open: OpenRequests,
): Promise<ResourceInfo | FoundError> {
  try {
    const object = checkManifestObject(value, position)
    const { name, namespace } = object.metadata
    const unresolved = query.local || isListOfItems(object)
    const mapping = unresolved
      ? localMapping(object, position)
      : await resolveObjectKind(object, file, (options) => context.restMapper(options))
    const fields = { mapping, namespace: namespace ?? '', name: name ?? '', source: file, object }
    return new ResourceInfo(fields, unresolved ? undefined : open)
  } catch (error) {
    return new FoundError(error)
  }
}

function isListOfItems(object: Unstructured): boolean {
  return object.kind.endsWith('List') && Array.isArray(object.items)
}

function warnOfDuplicates(documents: readonly SourceDocument[], file: string, context: BuilderContext): void {
  for (const { path, line } of documents.flatMap(({ duplicateKeys }) => duplicateKeys)) {
    context.warn(`duplicate field ${JSON.stringify(path)} in ${file}, line ${line}: the last one counts`)
  }
}
