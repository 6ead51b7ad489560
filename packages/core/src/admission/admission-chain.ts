import type { Admission, AdmissionAttributes, AdmissionPlugin } from './admission.ts'
import { Reinvocation } from './reinvocation.ts'

/**
 * Plugins one after the other, as the chain of `k8s.io/apiserver/pkg/admission`: the first refusal ends it. Nothing is
 * returned, and nothing waited for, where no plugin has anything to do.
 */
export class AdmissionChain implements Admission {
  readonly #plugins: readonly AdmissionPlugin[]
  readonly passes: NonNullable<Admission['passes']>

  constructor(plugins: readonly AdmissionPlugin[], passes: NonNullable<Admission['passes']>) {
    this.#plugins = plugins
    this.passes = passes
  }

  mutate(attributes: AdmissionAttributes): void | Promise<void> {
    const reinvocation = new Reinvocation()
    const pass = (): void | Promise<void> =>
      inOrder(this.#plugins, (plugin) => plugin.mutate?.(attributes, reinvocation))
    const passing = pass()
    if (passing === undefined) return undefined
    return passing.then(() => {
      if (!reinvocation.isNeeded) return undefined
      reinvocation.isReinvocation = true
      return pass()
    })
  }

  validate(attributes: AdmissionAttributes): void | Promise<void> {
    return inOrder(this.#plugins, (plugin) => plugin.validate?.(attributes))
  }
}

/** Without a promise as long as no step returns one. */
function inOrder<T>(
  steps: readonly T[],
  run: (step: T) => void | Promise<void>,
  from = 0,
): void | Promise<void> {
  for (let index = from; index < steps.length; index++) {
    const running = run(steps[index]!)
    if (running !== undefined) return running.then(() => inOrder(steps, run, index + 1))
  }
}
