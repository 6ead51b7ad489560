/**
 * In which order kinds are created where owners do not say it: what others need to be admitted comes before them, and
 * what would judge, change or count them comes after them.
 */
const ranks: readonly (readonly string[])[] = [
  ['Namespace'],
  ['CustomResourceDefinition.apiextensions.k8s.io'],
  [
    'PriorityClass.scheduling.k8s.io',
    'RuntimeClass.node.k8s.io',
    'StorageClass.storage.k8s.io',
    'CSIDriver.storage.k8s.io',
    'IngressClass.networking.k8s.io',
    'VolumeSnapshotClass.snapshot.storage.k8s.io',
    'ClusterRole.rbac.authorization.k8s.io',
    'Role.rbac.authorization.k8s.io',
    'PersistentVolume',
  ],
  ['ServiceAccount', 'Secret', 'ConfigMap', 'PersistentVolumeClaim'],
  [],
  ['Pod'],
  ['ResourceQuota', 'LimitRange'],
  [
    'ValidatingAdmissionPolicy.admissionregistration.k8s.io',
    'MutatingAdmissionPolicy.admissionregistration.k8s.io',
  ],
  [
    'ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io',
    'MutatingAdmissionPolicyBinding.admissionregistration.k8s.io',
    'ValidatingWebhookConfiguration.admissionregistration.k8s.io',
    'MutatingWebhookConfiguration.admissionregistration.k8s.io',
    'APIService.apiregistration.k8s.io',
  ],
]

/** The rank of everything that is not named. */
const ordinary = ranks.findIndex((kinds) => kinds.length === 0)

/** Objects of a lower rank are created before those of a higher one. */
export function rankOfKind({ group, kind }: { readonly group: string; readonly kind: string }): number {
  const name = group === '' ? kind : `${kind}.${group}`
  const rank = ranks.findIndex((kinds) => kinds.includes(name))
  return rank < 0 ? ordinary : rank
}

export function isNamespace({ group, kind }: { readonly group: string; readonly kind: string }): boolean {
  return kind === 'Namespace' && group === ''
}

export function isDefinition({ group, kind }: { readonly group: string; readonly kind: string }): boolean {
  return kind === 'CustomResourceDefinition' && group === 'apiextensions.k8s.io'
}
