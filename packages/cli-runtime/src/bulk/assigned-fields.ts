import { isJsonObject, type JsonObject, type Unstructured } from '@k1s/apimachinery'

/**
 * Takes what the control plane of a cluster has assigned out of a spec, since it has no meaning in another cluster: the
 * addresses of a Service, the uid by which a Job selects its Pods, the Node and the token volume of a Pod, and the uid
 * and annotations by which volumes and claims are bound. Names by which they refer to each other stay. Changes `object`,
 * and copies what is below it before it is changed.
 */
export function withoutAssignedFields(object: Unstructured, group: string): void {
  const type = group === '' ? object.kind : `${object.kind}.${group}`
  if (type === 'PersistentVolume' || type === 'PersistentVolumeClaim') withoutBinding(object)
  if (!isJsonObject(object.spec)) return
  switch (type) {
    case 'Service':
      object.spec = withoutAddresses(object.spec)
      return
    case 'Job.batch':
      object.spec = withoutSelector(object.spec)
      return
    case 'Pod':
      object.spec = withoutPlace(object.spec)
      return
    case 'PersistentVolume':
      object.spec = withoutClaimUid(object.spec)
  }
}

/** A headless Service is one by choice, and stays one. */
function withoutAddresses(spec: JsonObject): JsonObject {
  const { clusterIP, clusterIPs, healthCheckNodePort: _, ...rest } = spec
  return clusterIP === 'None' ? { ...rest, clusterIP, clusterIPs } : rest
}

const uidLabels = ['controller-uid', 'batch.kubernetes.io/controller-uid']

function withoutSelector(spec: JsonObject): JsonObject {
  if (spec.manualSelector === true) return spec
  const { selector: _, template, ...rest } = spec
  if (!isJsonObject(template) || !isJsonObject(template.metadata)) return { ...rest, template }
  return { ...rest, template: { ...template, metadata: without(template.metadata, 'labels', uidLabels) } }
}

/** What admission puts into a Pod so that it can speak to the API. */
const tokenVolume = /^kube-api-access-[a-z0-9]{5}$/

function withoutPlace(spec: JsonObject): JsonObject {
  const { nodeName: _, ...rest } = spec
  const isKept = (named: unknown) => !isJsonObject(named) || !tokenVolume.test(String(named.name))
  if (Array.isArray(rest.volumes)) rest.volumes = rest.volumes.filter(isKept)
  for (const field of ['containers', 'initContainers', 'ephemeralContainers']) {
    const containers = rest[field]
    if (!Array.isArray(containers)) continue
    rest[field] = containers.map((container: unknown) =>
      isJsonObject(container) && Array.isArray(container.volumeMounts)
        ? { ...container, volumeMounts: container.volumeMounts.filter(isKept) }
        : container,
    )
  }
  return rest
}

function withoutClaimUid(spec: JsonObject): JsonObject {
  if (!isJsonObject(spec.claimRef)) return spec
  const { uid: _, resourceVersion: __, ...claimRef } = spec.claimRef
  return { ...spec, claimRef }
}

const bindingAnnotations = ['pv.kubernetes.io/bind-completed', 'pv.kubernetes.io/bound-by-controller']

function withoutBinding(object: Unstructured): void {
  object.metadata = without({ ...object.metadata }, 'annotations', bindingAnnotations)
}

/** The metadata without these keys of its labels or annotations, and without the map if nothing else is in it. */
function without<T extends object>(metadata: T, field: string, keys: readonly string[]): T {
  const map: unknown = Reflect.get(metadata, field)
  if (!isJsonObject(map) || !keys.some((key) => key in map)) return metadata
  const kept = Object.entries(map).filter(([key]) => !keys.includes(key))
  const { [field as keyof T]: _, ...rest } = metadata
  return { ...rest, ...(kept.length > 0 && { [field]: Object.fromEntries(kept) }) } as T
}
