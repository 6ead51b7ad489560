import type { RestMapper, RestMapping } from '../mapping/rest-mapper.ts'
import { ResourceInfo } from './info.ts'
import type { Query } from './query.ts'
import type { ResourceRequests, Selection } from './requests.ts'
import type { Source } from './source.ts'

/** How sources read: the requests are made once, when the first object is read. */
export type OpenRequests = () => Promise<ResourceRequests>

/** One source for each type, listed by selector. */
export function selectorSources(query: Query, mapper: RestMapper, open: OpenRequests): Source[] {
  return mappingsOf(query, mapper).map((mapping) => {
    const namespace = mapping.namespaced ? query.namespace : ''
    const selection: Selection = {
      namespace,
      ...(query.labelSelector && { labelSelector: query.labelSelector }),
      ...(query.fieldSelector && { fieldSelector: query.fieldSelector }),
    }
    return {
      mapping,
      selection,
      async *find() {
        const object = await (await open()).list(mapping, selection, query.limit)
        yield new ResourceInfo({ mapping, namespace, name: '', object }, open)
      },
    }
  })
}

/** One source for each `type/name`. */
export function pairSources(query: Query, mapper: RestMapper, open: OpenRequests): Source[] {
  const mappings = query.tuples.map(({ type }) => mapper.mappingFor(type))
  if (query.singleResourceType && new Set(mappings.map(keyOf)).size > 1) {
    throw new Error('you may only specify a single resource type')
  }
  return query.tuples.map(({ name }, index) => namedSource(query, mappings[index]!, name, open))
}

/** One source for each name of the one type. */
export function nameSources(query: Query, mapper: RestMapper, open: OpenRequests): Source[] {
  const [mapping, ...others] = mappingsOf(query, mapper)
  if (others.length > 0) throw new Error('you must specify only one resource')
  return query.names.map((name) => namedSource(query, mapping!, name, open))
}

function namedSource(query: Query, mapping: RestMapping, name: string, open: OpenRequests): Source {
  const namespace = mapping.namespaced ? query.namespace : ''
  if (mapping.namespaced && namespace === '') {
    throw new Error(
      query.allNamespaces
        ? 'a resource cannot be retrieved by name across all namespaces'
        : 'namespace may not be empty when retrieving a resource by name',
    )
  }
  return {
    mapping,
    async *find() {
      yield new ResourceInfo({ mapping, namespace, name }, open)
    },
  }
}

/** The types of a query, each once, with categories in place of their members. */
function mappingsOf(query: Query, mapper: RestMapper): RestMapping[] {
  const types = query.expandCategories
    ? query.types.flatMap((type) => mapper.expandCategory(type) ?? [type])
    : query.types
  if (types.length > 1 && query.singleResourceType) {
    throw new Error('you may only specify a single resource type')
  }
  const mappings = new Map<string, RestMapping>()
  for (const type of types) {
    const mapping = mapper.mappingFor(type)
    if (!mappings.has(keyOf(mapping))) mappings.set(keyOf(mapping), mapping)
  }
  return [...mappings.values()]
}

function keyOf({ group, version, kind }: RestMapping): string {
  return `${group}/${version}/${kind}`
}
