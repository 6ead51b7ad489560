import { type StorageInterface, type StoragePrefix, storagePrefix } from '@k1s/storage'
import type { ResourceRegistry } from '../registry/resource-registry.ts'
import type { Admission, AdmissionPlugin } from './admission.ts'
import { AdmissionChain } from './admission-chain.ts'
import type { AdmissionFunctions } from './admission-functions.ts'
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
  return new AdmissionChain([
    mutatingPolicies(options),
    mutatingFunctions(options),
    validatingPolicies(options),
    validatingFunctions(options),
    resourceQuotas(options),
  ])
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

function mutatingPolicies({ storage, registry }: AdmissionOptions): AdmissionPlugin {
  const prefixOf = bindingsPrefix('mutatingadmissionpolicybindings.admissionregistration.k8s.io')
  const load = once(async () => {
    const { MutatingPolicies } = await import('./policy/mutating-policies.ts')
    return new MutatingPolicies({ storage, registry })
  })
  return {
    name: 'MutatingAdmissionPolicy',
    mutate(attributes, reinvocation) {
      if (isExempt(attributes)) return undefined
      return storage.stats(prefixOf(attributes.tenant)).then(({ count, lastRevision }) => {
        if (count === 0) return undefined
        return load().then((policies) => policies.mutate(attributes, reinvocation, lastRevision))
      })
    },
  }
}

function validatingPolicies({ storage, registry }: AdmissionOptions): AdmissionPlugin {
  const prefixOf = bindingsPrefix('validatingadmissionpolicybindings.admissionregistration.k8s.io')
  const load = once(async () => {
    const { ValidatingPolicies } = await import('./policy/validating-policies.ts')
    return new ValidatingPolicies({ storage, registry })
  })
  return {
    name: 'ValidatingAdmissionPolicy',
    validate(attributes) {
      if (isExempt(attributes)) return undefined
      return storage.stats(prefixOf(attributes.tenant)).then(({ count, lastRevision }) => {
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

/** The prefix of a resource by tenant, made once for the tenant that is served most. */
function bindingsPrefix(resource: string): (tenant: string) => StoragePrefix {
  let last: { readonly tenant: string; readonly prefix: StoragePrefix } | undefined
  return (tenant) => {
    if (last?.tenant !== tenant) last = { tenant, prefix: storagePrefix({ tenant, resource }) }
    return last.prefix
  }
}
