import { parseGroupVersion } from '@k1s/apimachinery'
import {
  NoResourceMatchError,
  type RestMapper,
  type RestMapping,
  UnknownResourceTypeError,
} from '@k1s/cli-runtime'

export interface GroupVersionResource {
  readonly group: string
  readonly version: string
  /** The plural name. */
  readonly resource: string
}

/**
 * Parts `configmaps.metadata.labels` into a resource and the path of a field. The resource may have its group behind it,
 * `routes.gateway.example.com.spec`. With `apiVersion` it is the resource of that version, whether it exists or not.
 */
export function explainedResource(
  argument: string,
  mapper: RestMapper,
  apiVersion: string | undefined,
): { readonly resource: GroupVersionResource; readonly fieldPath: readonly string[] } {
  const [typed = '', ...fieldPath] = fieldsOf(argument) ?? []
  if (typed === '') throw new Error('invalid jsonpath syntax, all nodes must be field nodes')
  const { group, version, plural } = mappingFor(typed, mapper)
  if (apiVersion !== undefined && apiVersion !== '') {
    return { resource: { ...parseGroupVersion(apiVersion), resource: plural }, fieldPath }
  }
  for (const candidate of mapper.resources) {
    const qualified = candidate.group === '' ? candidate.name : `${candidate.name}.${candidate.group}`
    if (candidate.name !== plural || !argument.startsWith(qualified)) continue
    const rest = argument.slice(qualified.length)
    return {
      resource: { group: candidate.group, version: candidate.versions[0] ?? '', resource: plural },
      fieldPath: rest === '' ? [] : (fieldsOf(rest) ?? []),
    }
  }
  return { resource: { group, version, resource: plural }, fieldPath }
}

function mappingFor(typed: string, mapper: RestMapper): RestMapping {
  try {
    return mapper.mappingFor(typed)
  } catch (error) {
    throw error instanceof UnknownResourceTypeError ? new NoResourceMatchError(error) : error
  }
}

/** The fields of a path such as `.spec.a\.b`; a backslash escapes a dot. Undefined if it is more than fields. */
function fieldsOf(path: string): string[] | undefined {
  const fields = path.replace(/^\.|\.$/g, '').split(/(?<!\\)\./)
  const isField = (field: string) => /^(?:\\.|[^\\\s[\](){}|,$@!=<>'"*])+$/.test(field)
  return fields.every(isField) ? fields.map((field) => field.replaceAll('\\', '')) : undefined
}
