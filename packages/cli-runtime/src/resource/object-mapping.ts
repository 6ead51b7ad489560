import { groupVersionKindOf, type Unstructured } from '@k1s/apimachinery'
import { NoKindMatchError } from '../mapping/match-error.ts'
import type { RestMapper, RestMapping } from '../mapping/rest-mapper.ts'

/**
 * Finds the resource of an object from a file. A kind that is not known is asked for once more, since a definition
 * that was created a moment ago may have brought it.
 *
 * @throws Error `resource mapping not found for …`, with kinds that are near.
 */
export async function resolveObjectKind(
  object: Unstructured,
  source: string,
  restMapper: (options?: { readonly refresh?: boolean }) => Promise<RestMapper>,
): Promise<RestMapping> {
  const kind = parseKind(object, source)
  try {
    return (await restMapper()).mappingForKind(kind)
  } catch (error) {
    if (!(error instanceof NoKindMatchError)) throw error
  }
  try {
    return (await restMapper({ refresh: true })).mappingForKind(kind)
  } catch (error) {
    throw error instanceof NoKindMatchError ? describeNoMatch(error, object, source) : error
  }
}

/** The mapping of an object without a server to ask: what the object says of itself. */
export function localMapping(object: Unstructured, source: string): RestMapping {
  const { group, version, kind } = parseKind(object, source)
  const namespaced = (object.metadata.namespace ?? '') !== ''
  const plural = kind.toLowerCase()
  return {
    group,
    version,
    kind,
    plural,
    namespaced,
    resource: {
      group,
      kind,
      name: plural,
      singularName: plural,
      shortNames: [],
      categories: [],
      namespaced,
      verbs: [],
      versions: [version],
      subresources: {},
    },
  }
}

function parseKind(object: Unstructured, source: string) {
  try {
    return groupVersionKindOf(object)
  } catch (error) {
    throw new Error(`unable to decode ${JSON.stringify(source)}: ${(error as Error).message}`, {
      cause: error,
    })
  }
}

function describeNoMatch(error: NoKindMatchError, object: Unstructured, source: string): Error {
  const { name = '', namespace = '' } = object.metadata
  const lines = [
    `resource mapping not found for name: ${JSON.stringify(name)} namespace: ${JSON.stringify(namespace)} from ${JSON.stringify(source)}: ${error.message}`,
    'ensure CRDs are installed first',
  ]
  if (error.hint !== undefined) lines.push(error.hint)
  return new Error(lines.join('\n'), { cause: error })
}
