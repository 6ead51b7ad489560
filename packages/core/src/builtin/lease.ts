import { append, type FieldError, fieldError, isQualifiedName, type Unstructured } from '@k1s/apimachinery'
import type { ResourceDefinition } from '../resource-definition.ts'
import { defineBuiltin } from './define-builtin.ts'
import { ageColumn, column, nameColumn } from './printer-column.ts'

interface Lease extends Unstructured {
  spec?: {
    holderIdentity?: string
    leaseDurationSeconds?: number
    leaseTransitions?: number
    strategy?: string
    preferredHolder?: string
  }
}

/**
 * `k8s.io/kubernetes/pkg/registry/coordination/lease`, with the feature CoordinatedLeaderElection: strategy and
 * preferredHolder are kept.
 */
export const leaseDefinition: ResourceDefinition = defineBuiltin({
  group: 'coordination.k8s.io',
  kind: 'Lease',
  plural: 'leases',
  scope: 'Namespaced',
  printerColumns: [
    nameColumn,
    column('Holder', 'string', (object) => (object as Lease).spec?.holderIdentity ?? ''),
    ageColumn,
  ],
  struct: () => import('./types/lease.ts').then((types) => types.lease),
  strategy: {
    allowCreateOnUpdate: true,
    allowUnconditionalUpdate: false,
    validate: (object) => validateLeaseSpec(object as Lease),
    validateUpdate: (object) => validateLeaseSpec(object as Lease),
  },
})

/** `ValidateLeaseSpec` of `k8s.io/kubernetes/pkg/apis/coordination/validation`. */
function validateLeaseSpec({ spec = {} }: Lease): FieldError[] {
  const { leaseDurationSeconds: seconds, leaseTransitions, strategy, preferredHolder } = spec
  const errors: FieldError[] = []
  if (seconds !== undefined && seconds <= 0) {
    errors.push(fieldError.invalid('spec.leaseDurationSeconds', seconds, 'must be greater than 0'))
  }
  if (leaseTransitions !== undefined && leaseTransitions < 0) {
    const why = 'must be greater than or equal to 0'
    errors.push(fieldError.invalid('spec.leaseTransitions', leaseTransitions, why))
  }
  if (strategy !== undefined) append(errors, validateStrategy(strategy))
  if (preferredHolder && !strategy) {
    errors.push(
      fieldError.forbidden('spec.preferredHolder', 'may only be specified if `strategy` is defined'),
    )
  }
  return errors
}

/** The path names the field twice in Kubernetes too. */
const strategyPath = 'spec.strategy.strategy'

function validateStrategy(strategy: string): FieldError[] {
  if (!strategy.includes('/')) {
    return strategy === 'OldestEmulationVersion'
      ? []
      : [fieldError.notSupported(strategyPath, strategy, ['OldestEmulationVersion'])]
  }
  return isQualifiedName(strategy).map((message) => fieldError.invalid(strategyPath, strategy, message))
}
