import { StatusError } from '@k1s/apimachinery'
import type { ResourceDefinition } from '../resource-definition.ts'
import { aggregatedDiscovery } from './aggregated-discovery.ts'
import { apiGroup, apiGroupList, apiVersions } from './api-group.ts'
import { apiResourceList } from './api-resource-list.ts'
import { type GroupVersionResources, groupVersionPath, groupVersions } from './group-versions.ts'

/**
 * What the API says about itself, by the path under which an API server answers: `/api`, `/apis`, `/apis/{group}`,
 * `/api/v1`, `/apis/{group}/{version}`, `/openapi/v2`, `/openapi/v3` and `/openapi/v3/…` of each group version. With
 * `aggregated`, `/api` and `/apis` are answered with an APIGroupDiscoveryList. NotFound for any other path.
 */
export async function describeAPI(
  definitions: readonly ResourceDefinition[],
  path: string,
  options: { readonly aggregated?: boolean } = {},
): Promise<object> {
  const served = groupVersions(definitions)
  const description = path.startsWith('/openapi/')
    ? await openAPI(served, path.slice('/openapi/'.length))
    : discovery(served, path, options.aggregated === true)
  if (description !== undefined) return description
  throw new StatusError({
    code: 404,
    reason: 'NotFound',
    details: {},
    message: 'the server could not find the requested resource',
  })
}

function discovery(
  served: readonly GroupVersionResources[],
  path: string,
  aggregated: boolean,
): object | undefined {
  if (path === '/api') return aggregated ? aggregatedDiscovery(served, path) : apiVersions(served)
  if (path === '/apis') return aggregated ? aggregatedDiscovery(served, path) : apiGroupList(served)
  const groupVersion = find(served, path.slice(1))
  if (groupVersion !== undefined) return apiResourceList(groupVersion)
  return path.startsWith('/apis/') ? apiGroup(served, path.slice('/apis/'.length)) : undefined
}

async function openAPI(served: readonly GroupVersionResources[], path: string): Promise<object | undefined> {
  if (path === 'v2') return (await import('../openapi/document-v2.ts')).documentV2(served)
  if (path === 'v3') return (await import('../openapi/index-v3.ts')).indexV3(served)
  const groupVersion = path.startsWith('v3/') ? find(served, path.slice('v3/'.length)) : undefined
  return groupVersion && (await import('../openapi/document-v3.ts')).documentV3(groupVersion)
}

function find(served: readonly GroupVersionResources[], path: string): GroupVersionResources | undefined {
  return served.find((candidate) => groupVersionPath(candidate) === path)
}
