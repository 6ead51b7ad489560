import { createHash } from 'node:crypto'
import type { Unstructured } from '@k1s/apimachinery'
import type { DiscoveredResource } from '@k1s/core'
import { qualifiedName } from './exportable-resources.ts'

export type FileFormat = 'yaml' | 'json'

/** The folders of an export, within its directory. */
export const exportFolders = ['cluster', 'namespaces'] as const

/** What file systems take as a name, in bytes. */
const maxNameLength = 255
const hashLength = 16

/**
 * Where an object is in the directory of an export: `namespaces/shop/items.inventory.k1s.dev/laptop.yaml`,
 * `cluster/namespaces/shop.yaml`. Always the same for the same object, and never the same for two, also where a file
 * system does not tell upper from lower case.
 */
export function objectFile(resource: DiscoveredResource, object: Unstructured, format: FileFormat): string {
  const { name = '', namespace } = object.metadata
  const folder = resource.namespaced ? `namespaces/${safeName(namespace ?? '', '')}` : 'cluster'
  return `${folder}/${qualifiedName(resource)}/${safeName(name, `.${format}`)}`
}

/**
 * Names of objects are mostly lower case, digits, dots and dashes. All else, which names of roles may have, is written
 * as in URLs, and so is a dot that would hide the file. A name that is too long is cut and ends with its hash.
 */
function safeName(name: string, extension: string): string {
  const escaped = name.replace(/^\.|[^a-z0-9.-]/gu, escapeCharacter)
  const max = maxNameLength - extension.length
  if (escaped.length <= max) return `${escaped}${extension}`
  const hash = createHash('sha256').update(name).digest('hex').slice(0, hashLength)
  return `${escaped.slice(0, max - hashLength - 1)}~${hash}${extension}`
}

function escapeCharacter(character: string): string {
  return [...Buffer.from(character)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
}
