import type { DiscoveredResource, Transport } from '@k1s/core'
import { unknownPath } from './unknown-path.ts'

interface ResourceOfRequest {
  readonly group: string
  readonly version: string
  readonly resource: string
  readonly subresource?: string
}

/** What a request is about. NotFound if it is not served. */
export async function servedResource(
  transport: Transport,
  tenant: string,
  { group, version, resource, subresource }: ResourceOfRequest,
): Promise<DiscoveredResource> {
  const served = await transport.discover(tenant)
  const found = served.find((candidate) => candidate.group === group && candidate.name === resource)
  const subresources = found?.subresources[version]
  if (found === undefined || subresources === undefined) throw unknownPath()
  if (subresource !== undefined && !subresources.includes(subresource)) throw unknownPath()
  return found
}
