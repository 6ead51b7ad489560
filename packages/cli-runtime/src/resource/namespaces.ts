/** What happens to the namespaces of found objects, as the visitors of `resource.Builder` do it. */
import type { KubernetesObject } from '@k1s/apimachinery'
import { isList, isTable } from '../printers/lists.ts'
import type { Info } from './info.ts'

/** Puts an object that names no namespace into this one. */
export function setNamespace(info: Info, namespace: string): void {
  if (!info.mapping.namespaced || info.namespace !== '') return
  info.namespace = namespace
  updateObject(info)
}

/** @throws Error if the object names another namespace than this one. */
export function requireNamespace(info: Info, namespace: string): void {
  if (!info.mapping.namespaced) return
  setNamespace(info, namespace)
  if (info.namespace === namespace) return
  throw new Error(
    `the namespace from the provided object ${JSON.stringify(info.namespace)} does not match the namespace ${JSON.stringify(namespace)}. You must pass '--namespace=${info.namespace}' to perform this operation.`,
  )
}

/** Takes the namespace from what has none. */
export function filterNamespace(info: Info): void {
  if (info.mapping.namespaced || info.namespace === '') return
  info.namespace = ''
  updateObject(info)
}

function updateObject({ object, namespace }: Info): void {
  if (object === undefined || isList(object) || isTable(object)) return
  const { metadata } = object as KubernetesObject
  if (namespace === '') delete metadata.namespace
  else metadata.namespace = namespace
}
