import { isJsonObject, type KubernetesList } from '@k1s/apimachinery'
import { isList } from '../printers/lists.ts'
import type { OpenRequests } from './argument-sources.ts'
import { infoOf } from './file-sources.ts'
import { ResourceInfo } from './info.ts'
import type { BuilderContext, Query } from './query.ts'
import type { FoundError } from './source.ts'

/**
 * An info for each item of a list, and of the lists in it. Items of a list that the server sent are of the list's
 * kind; those of a list from a file are looked up one by one.
 */
export async function* flattenList(
  list: KubernetesList,
  from: ResourceInfo,
  query: Query,
  context: BuilderContext,
  open: OpenRequests,
): AsyncGenerator<ResourceInfo | FoundError> {
  const { mapping, source } = from
  for (const item of list.items) {
    if (isJsonObject(item) && isList(item)) {
      yield* flattenList(item, from, query, context, open)
    } else if (source === '') {
      const { name = '', namespace = '' } = item.metadata
      yield new ResourceInfo({ mapping, namespace, name, object: item }, open)
    } else {
      yield await infoOf({ value: item, file: source, position: source }, query, context, open)
    }
  }
}
