import { equalJson, parseGroupResource, type Unstructured } from '@k1s/apimachinery'

/** What is left of a namespace that is being deleted. */
export interface RemainingContent {
  /** Objects by stored resource, such as `items.inventory.k1s.dev`. */
  readonly resources: Map<string, number>
  /** Objects by finalizer that holds them. */
  readonly finalizers: Map<string, number>
}

interface NamespaceCondition {
  type: string
  status: 'True' | 'False'
  lastTransitionTime: string
  reason: string
  message: string
}

/**
 * The status of a namespace with conditions that say what its deletion waits for, at a time of RFC 3339:
 * `k8s.io/kubernetes/pkg/controller/namespace/deletion/status_condition_utils.go`.
 */
export function withConditions(
  namespace: Unstructured,
  remaining: RemainingContent,
  now: string,
): Unstructured {
  const status = (namespace.status ?? {}) as { conditions?: NamespaceCondition[] }
  const before = status.conditions ?? []
  const conditions = wantedConditions(remaining).map((wanted): NamespaceCondition => {
    const old = before.find(({ type }) => type === wanted.type)
    const lastTransitionTime = old?.status === wanted.status ? old.lastTransitionTime : now
    return {
      type: wanted.type,
      status: wanted.status,
      lastTransitionTime,
      reason: wanted.reason,
      message: wanted.message,
    }
  })
  if (equalJson(conditions, before)) return namespace
  return { ...namespace, status: { ...status, conditions } }
}

function wantedConditions({
  resources,
  finalizers,
}: RemainingContent): Omit<NamespaceCondition, 'lastTransitionTime'>[] {
  const instances = listed(resources, (name, count) => {
    const { resource, group } = parseGroupResource(name)
    return `${resource}.${group} has ${count} resource instances`
  })
  const holders = listed(finalizers, (name, count) => `${name} in ${count} resource instances`)
  const removed = {
    status: 'False',
    reason: 'ContentRemoved',
    message: 'All content successfully removed',
  } as const
  return [
    {
      type: 'NamespaceDeletionDiscoveryFailure',
      status: 'False',
      reason: 'ResourcesDiscovered',
      message: 'All resources successfully discovered',
    },
    {
      type: 'NamespaceDeletionGroupVersionParsingFailure',
      status: 'False',
      reason: 'ParsedGroupVersions',
      message: 'All legacy kube types successfully parsed',
    },
    {
      type: 'NamespaceDeletionContentFailure',
      status: 'False',
      reason: 'ContentDeleted',
      message: 'All content successfully deleted, may be waiting on finalization',
    },
    {
      type: 'NamespaceContentRemaining',
      ...(instances === ''
        ? removed
        : {
            status: 'True',
            reason: 'SomeResourcesRemain',
            message: `Some resources are remaining: ${instances}`,
          }),
    },
    {
      type: 'NamespaceFinalizersRemaining',
      ...(holders === ''
        ? removed
        : {
            status: 'True',
            reason: 'SomeFinalizerRemain',
            message: `Some finalizers are remaining: ${holders}`,
          }),
    },
  ]
}

function listed(
  counts: ReadonlyMap<string, number>,
  describe: (name: string, count: number) => string,
): string {
  return Array.from(counts, ([name, count]) => describe(name, count))
    .sort()
    .join(', ')
}
