import { newMethodNotSupported } from '@k1s/apimachinery'
import type { Transport } from '@k1s/core'
import type { Exchange } from '../exchange.ts'
import { protobufKindOf } from '../protobuf/protobuf-resources.ts'
import type { ResourcePath } from '../request-info/request-info.ts'
import { methodNotAllowed } from './method.ts'
import { servedResource } from './served-resource.ts'
import { unknownPath } from './unknown-path.ts'

/**
 * Answers methods that no resource has, such as OPTIONS: NotFound where there is no resource, else MethodNotAllowed. Of
 * built-in kinds that is the answer of go-restful, of others the one of `customresource_handler.go` of
 * `k8s.io/apiextensions-apiserver`, for which such a method has no verb.
 */
export async function refuseMethod(
  transport: Transport,
  { tenant }: Exchange,
  path: ResourcePath,
): Promise<never> {
  const { namespaced } = await servedResource(transport, tenant, path)
  const { group, resource, namespace, name } = path
  const isBuiltin = protobufKindOf(path) !== undefined
  const isAcrossNamespaces = isBuiltin && name === undefined && namespace === undefined
  if (namespaced !== (namespace !== undefined) && !isAcrossNamespaces) throw unknownPath()
  throw isBuiltin ? methodNotAllowed() : newMethodNotSupported({ group, resource }, '')
}
