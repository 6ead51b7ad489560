import { createHash } from 'node:crypto'
import {
  type GroupVersionResources,
  groupVersionPath,
  type VersionedResource,
} from '../discovery/group-versions.ts'
import type { ResourceVersionDefinition } from '../resource-definition.ts'
import { documentV3 } from './document-v3.ts'

/** The answer of `/openapi/v3`: where the documents are, with hashes by which clients cache them. */
export interface OpenAPIV3Index {
  readonly paths: { readonly [groupVersionPath: string]: { readonly serverRelativeURL: string } }
}

export async function indexV3(groupVersions: readonly GroupVersionResources[]): Promise<OpenAPIV3Index> {
  const paths: { [groupVersionPath: string]: { serverRelativeURL: string } } = {}
  for (const served of groupVersions) {
    const path = groupVersionPath(served)
    paths[path] = { serverRelativeURL: `/openapi/v3/${path}?hash=${await documentHash(served)}` }
  }
  return { paths }
}

interface KnownHash {
  readonly resources: readonly VersionedResource[]
  readonly hash: string
}

/** By the first resource of the document. Documents are large, quickly made, and seldom asked for; the index is always. */
const knownHashes = new WeakMap<ResourceVersionDefinition, KnownHash>()

async function documentHash(served: GroupVersionResources): Promise<string> {
  const { resources } = served
  const key = resources[0]!.version
  const known = knownHashes.get(key)
  if (known !== undefined && areSame(known.resources, resources)) return known.hash
  const document = JSON.stringify(await documentV3(served))
  const hash = createHash('sha512').update(document).digest('hex').toUpperCase()
  knownHashes.set(key, { resources, hash })
  return hash
}

/** A definition that changed is another object. */
function areSame(known: readonly VersionedResource[], resources: readonly VersionedResource[]): boolean {
  return (
    known.length === resources.length &&
    known.every(({ definition, version }, index) => {
      const other = resources[index]!
      return definition === other.definition && version === other.version
    })
  )
}
