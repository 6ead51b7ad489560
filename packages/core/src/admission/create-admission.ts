import type { StorageInterface } from '@k1s/storage'
import type { ResourceRegistry } from '../registry/resource-registry.ts'
import type { Admission, AdmissionPlugin, StillPasses } from './admission.ts'
import { AdmissionChain } from './admission-chain.ts'
import type { AdmissionFunctions } from './admission-functions.ts'
import { BindingsSeen } from './bindings-seen.ts'
import { isExempt } from './match-rules.ts'

export interface AdmissionOptions {
  readonly storage: StorageInterface
  readonly registry: ResourceRegistry
  /** What the application registered, also later. */
  readonly functions: AdmissionFunctions
}

/**
 * All plugins in the order of Kubernetes' API server (`pkg/kubeapiserver/options/plugins.go`): functions take the
 * place of webhooks. What a plugin needs is loaded when something is registered or stored for it.
 */
export function createAdmission(options: AdmissionOptions): Admission {
  const { functions, storage } = options
  const mutating = new BindingsSeen(storage, 'mutatingadmissionpolicybindings.admissionregistration.k8s.io')
  const validating = new BindingsSeen(
    storage,
    'validatingadmissionpolicybindings.admissionregistration.k8s.io',
  )
  const plugins = [
    mutatingPolicies(options, mutating),
    mutatingFunctions(options),
    validatingPolicies(options, validating),
    validatingFunctions(options),
    resourceQuotas(options),
  ]
  const stillNone: StillPasses = (transaction, key) => {
    mutating.requireNone(transaction, key)
    validating.requireNone(transaction, key)
  }
  return new AdmissionChain(plugins, (tenant) => {
    if (functions.allMutating.size > 0 || functions.allValidating.size > 0) return undefined
    return mutating.hadNone(tenant) && validating.hadNone(tenant) ? stillNone : undefined
  })
}

/** Quotas are charged in the transaction of a write; what is asked here is a dry run. */
function resourceQuotas({ storage }: AdmissionOptions): AdmissionPlugin {
  return {
    name: 'ResourceQuota',
    validate(attributes) {
      if (!attributes.dryRun) return undefined
      return import('./resource-quota.ts').then((module) => module.checkDryRun(storage, attributes))
    },
  }
}

function mutatingPolicies({ storage, registry }: AdmissionOptions, bindings: BindingsSeen): AdmissionPlugin {
  const load = once(async () => {
    const { MutatingPolicies } = await import('./policy/mutating-policies.ts')
    return new MutatingPolicies({ storage, registry })
  })
  return {
    name: 'MutatingAdmissionPolicy',
    mutate(attributes, reinvocation) {
      if (isExempt(attributes)) return undefined
      return bindings.look(attributes.tenant).then(({ count, lastRevision }) => {
        if (count === 0) return undefined
        return load().then((policies) => policies.mutate(attributes, reinvocation, lastRevision))
      })
    },
  }
}

function validatingPolicies(
  { storage, registry }: AdmissionOptions,
  bindings: BindingsSeen,
): AdmissionPlugin {
  const load = once(async () => {
    const { ValidatingPolicies } = await import('./policy/validating-policies.ts')
    return new ValidatingPolicies({ storage, registry })
  })
  return {
    name: 'ValidatingAdmissionPolicy',
    validate(attributes) {
      if (isExempt(attributes)) return undefined
      return bindings.look(attributes.tenant).then(({ count, lastRevision }) => {
        if (count === 0) return undefined
        return load().then((policies) => policies.validate(attributes, lastRevision))
      })
    },
  }
}

function mutatingFunctions({ storage, functions }: AdmissionOptions): AdmissionPlugin {
  return {
    name: 'MutatingFunctions',
    mutate(attributes, reinvocation) {
      if (functions.allMutating.size === 0) return undefined
      return loadFunctions().then((module) =>
        module.callMutatingFunctions(storage, functions, attributes, reinvocation),
      )
    },
  }
}

function validatingFunctions({ storage, functions }: AdmissionOptions): AdmissionPlugin {
  return {
    name: 'ValidatingFunctions',
    validate(attributes) {
      if (functions.allValidating.size === 0) return undefined
      return loadFunctions().then((module) => module.callValidatingFunctions(storage, functions, attributes))
    },
  }
}

const loadFunctions = once(() => import('./functions-plugin.ts'))

function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined
  return () => (loaded ??= load())
}
