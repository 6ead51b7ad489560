import { createHash } from 'node:crypto'
import type { GroupVersionResources } from '../discovery/group-versions.ts'
import { documentV3 } from './document-v3.ts'

/** The answer of `/openapi/v3`: where the documents are, with hashes by which clients cache them. */
export interface OpenAPIV3Index {
  readonly paths: { readonly [groupVersionPath: string]: { readonly serverRelativeURL: string } }
}

export async function indexV3(groupVersions: readonly GroupVersionResources[]): Promise<OpenAPIV3Index> {
  const entries = await Promise.all(
    groupVersions.map(async (served) => {
      const path = groupVersionPath(served)
      const hash = createHash('sha512').update(JSON.stringify(await documentV3(served)))
      const serverRelativeURL = `/openapi/v3/${path}?hash=${hash.digest('hex').toUpperCase()}`
      return [path, { serverRelativeURL }] as const
    }),
  )
  return { paths: Object.fromEntries(entries) }
}

/** `api/v1`, `apis/inventory.k1s.dev/v1`. */
export function groupVersionPath({ group, groupVersion }: GroupVersionResources): string {
  return group === '' ? `api/${groupVersion}` : `apis/${groupVersion}`
}
