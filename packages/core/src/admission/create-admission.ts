import type { StorageInterface } from '@k1s/storage'
import type { ResourceRegistry } from '../registry/resource-registry.ts'
import type { Admission, AdmissionAttributes, AdmissionPlugin } from './admission.ts'
import { AdmissionChain } from './admission-chain.ts'
import type { AdmissionFunctions } from './admission-functions.ts'
import type { Reinvocation } from './reinvocation.ts'

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
export function createAdmission({ storage, functions }: AdmissionOptions): Admission {
  return new AdmissionChain([functionsPlugin(storage, functions)])
}

function functionsPlugin(storage: StorageInterface, functions: AdmissionFunctions): AdmissionPlugin {
  let loaded: typeof import('./functions-plugin.ts') | undefined
  const load = async () => (loaded ??= await import('./functions-plugin.ts'))
  return {
    name: 'AdmissionFunctions',
    mutate(attributes: AdmissionAttributes, reinvocation: Reinvocation) {
      if (functions.allMutating.size === 0) return undefined
      return load().then((module) =>
        module.callMutatingFunctions(storage, functions, attributes, reinvocation),
      )
    },
    validate(attributes: AdmissionAttributes) {
      if (functions.allValidating.size === 0) return undefined
      return load().then((module) => module.callValidatingFunctions(storage, functions, attributes))
    },
  }
}
