import { formatGroupVersion, quote } from '@k1s/apimachinery'
import {
  type Factory,
  NoResourceMatchError,
  type RestMapping,
  UnknownResourceTypeError,
} from '@k1s/cli-runtime'

/**
 * The field selector for the events about `TYPE/NAME`: decodeResourceTypeName of `k8s.io/kubectl/pkg/cmd/events`, with
 * its texts. Undefined without a name.
 */
export async function aboutObject(argument: string, factory: Factory): Promise<string | undefined> {
  const parts = argument.split('/')
  if (parts.length === 1) throw new Error('--for must be in resource/name form')
  if (parts.length > 2) throw new Error('arguments in resource/name form may not have more than one slash')
  const [resource = '', name = ''] = parts
  if (resource === '') throw new Error('a resource must be present, got: /, Resource=')
  const { group, version, kind } = await mappingFor(resource.toLowerCase(), factory)
  if (name === '') return undefined
  const about = {
    'involvedObject.kind': kind,
    'involvedObject.apiVersion': formatGroupVersion({ group, version }),
    'involvedObject.name': name,
  }
  return Object.entries(about)
    .map(([field, value]) => `${field}=${escapeSelectorValue(value)}`)
    .join(',')
}

/** Names a group that there is not, which is after the first dot: `meta.NoResourceMatchError`. */
async function mappingFor(resource: string, factory: Factory): Promise<RestMapping> {
  try {
    return (await factory.restMapper()).mappingFor(resource)
  } catch (error) {
    if (!(error instanceof UnknownResourceTypeError)) throw error
    const [plural = '', ...group] = resource.split('.')
    if (group.length === 0) throw new NoResourceMatchError(error)
    const message = `the server doesn't have a resource type ${quote(plural)} in group ${quote(group.join('.'))}`
    throw new NoResourceMatchError({ message })
  }
}

/** `fields.EscapeValue`. */
function escapeSelectorValue(value: string): string {
  return value.replaceAll(/[\\,=]/g, '\\$&')
}
