import {
  type GroupVersionKind,
  groupVersionKindOf,
  isJsonObject,
  isValidPathSegmentName,
  type OwnerReference,
  type Unstructured,
} from '@k1s/apimachinery'
import { NoKindMatchError } from '../mapping/match-error.ts'
import type { ImportOptions } from './import-options.ts'
import { isNamespace } from './import-order.ts'
import { ImportProblem } from './import-refused-error.ts'
import type { CatalogKind, KindCatalog } from './kind-catalog.ts'
import { describeObject } from './object-name.ts'
import type { Manifest } from './read-manifests.ts'

/** An object as it was read, with the kind that it will be and the place where it will go. */
export interface Draft {
  readonly mapping: CatalogKind
  /** Empty for objects of the cluster. */
  readonly namespace: string
  readonly name: string
  /** Where it comes from. */
  readonly uid: string | undefined
  readonly references: readonly OwnerReference[]
  readonly source: string
  /** JSON, which takes less than the object. */
  readonly text: string
}

interface ReadObject extends Pick<Draft, 'uid' | 'references' | 'source' | 'text'> {
  readonly kind: GroupVersionKind
  readonly namespace: string
  readonly name: string
}

/**
 * Reads all objects. Those that are being deleted are left out with a warning. An object whose kind, name or namespace
 * will not do is a problem.
 */
export async function readDrafts(
  manifests: AsyncIterable<Manifest> | Iterable<Manifest>,
  catalog: KindCatalog,
  options: ImportOptions,
  problems: ImportProblem[],
): Promise<Draft[]> {
  const objects: ReadObject[] = []
  for await (const { object, source } of manifests) {
    const read = readObject(object, source, options, problems)
    if (read === undefined) continue
    catalog.define(object)
    objects.push(read)
  }
  const unknown = new Map<string, { count: number; source: string }>()
  const drafts = objects.flatMap((read) => {
    try {
      return draftOf(read, catalog.kindOf(read.kind), options, problems)
    } catch (error) {
      if (!(error instanceof NoKindMatchError)) throw error
      const text = [error.message, 'ensure CRDs are installed first', error.hint].filter(Boolean).join('\n')
      const seen = unknown.get(text)
      if (seen === undefined) unknown.set(text, { count: 1, source: read.source })
      else seen.count++
      return []
    }
  })
  for (const [text, { count, source }] of unknown) {
    const objects =
      count === 1 ? JSON.stringify(source) : `${count} objects, the first in ${JSON.stringify(source)}`
    problems.push(new ImportProblem('NoKind', `resource mapping not found for ${objects}: ${text}`))
  }
  return drafts
}

function readObject(
  object: Unstructured,
  source: string,
  { onWarning }: ImportOptions,
  problems: ImportProblem[],
): ReadObject | undefined {
  const kind = groupVersionKindOf(object)
  const { name = '', namespace = '', uid, deletionTimestamp } = object.metadata
  if (deletionTimestamp !== undefined && deletionTimestamp !== null) {
    onWarning?.(`${describeObject({ ...kind, namespace, name })} is not imported: it was being deleted`)
    return undefined
  }
  if (name === '') {
    problems.push(
      new ImportProblem(
        'Invalid',
        `the ${kind.kind} in ${JSON.stringify(source)} has no name: set metadata.name`,
      ),
    )
    return undefined
  }
  const invalid = invalidNames(name, namespace)
  if (invalid !== undefined) {
    const named = `the ${kind.kind} ${JSON.stringify(name)} in ${JSON.stringify(source)}`
    problems.push(new ImportProblem('Invalid', `${named} has an invalid ${invalid}`))
    return undefined
  }
  const references = referencesOf(object)
  return { kind, name, namespace, uid: uid || undefined, references, source, text: JSON.stringify(object) }
}

/** What keeps the object from being asked for. All else about names is the server's to say. */
function invalidNames(name: string, namespace: string): string | undefined {
  const [inName] = isValidPathSegmentName(name)
  if (inName !== undefined) return `name: ${inName}`
  const [inNamespace] = isValidPathSegmentName(namespace)
  return inNamespace && `namespace ${JSON.stringify(namespace)}: ${inNamespace}`
}

/** What stands among the references and is none is left to the server to refuse. */
function referencesOf({ metadata }: Unstructured): OwnerReference[] {
  const references: unknown = metadata.ownerReferences
  if (!Array.isArray(references)) return []
  return references.filter(
    (reference): reference is OwnerReference =>
      isJsonObject(reference) &&
      ['apiVersion', 'kind', 'name'].every((field) => typeof reference[field] === 'string'),
  )
}

function draftOf(
  { namespace: given, name, uid, references, source, text }: ReadObject,
  mapping: CatalogKind,
  options: ImportOptions,
  problems: ImportProblem[],
): Draft[] {
  const { namespace: wanted = 'default', enforceNamespace, namespaceMap } = options
  const mapped = (namespace: string) => namespaceMap?.get(namespace) ?? namespace
  const rest = { mapping, uid, references, source, text }
  if (!mapping.namespaced)
    return [{ ...rest, namespace: '', name: isNamespace(mapping) ? mapped(name) : name }]
  const namespace = given === '' ? wanted : mapped(given)
  if (enforceNamespace && namespace !== wanted) {
    problems.push(
      new ImportProblem(
        'Invalid',
        `the namespace from the provided object ${JSON.stringify(namespace)} does not match the namespace ${JSON.stringify(wanted)}. You must pass '--namespace=${namespace}' to perform this operation.`,
      ),
    )
    return []
  }
  return [{ ...rest, namespace, name }]
}
