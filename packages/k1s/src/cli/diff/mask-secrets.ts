import { isJsonObject, type JsonObject, type Unstructured } from '@k1s/apimachinery'

/**
 * Both versions of a Secret with values that tell no more than whether they differ, other objects as they are: Masker
 * of `k8s.io/kubectl/pkg/cmd/diff`.
 */
export function maskSecrets(
  from: Unstructured | undefined,
  to: Unstructured,
): [from: Unstructured | undefined, to: Unstructured] {
  if (to.apiVersion !== 'v1' || to.kind !== 'Secret') return [from, to]
  const before = dataOf(from)
  const after = dataOf(to)
  const isChanged = (key: string) =>
    Object.hasOwn(before, key) && Object.hasOwn(after, key) && before[key] !== after[key]
  const mask = (data: JsonObject, changed: string) =>
    Object.fromEntries(Object.keys(data).map((key) => [key, isChanged(key) ? changed : '***']))
  const withData = (object: Unstructured, data: JsonObject) =>
    object.data === undefined ? object : { ...object, data }
  return [from && withData(from, mask(before, '*** (before)')), withData(to, mask(after, '*** (after)'))]
}

function dataOf(object: Unstructured | undefined): JsonObject {
  return isJsonObject(object?.data) ? object.data : {}
}
