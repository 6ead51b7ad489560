import { copyJson, equalJson, type Unstructured } from '@k1s/apimachinery'

/**
 * One mutation of an object by all plugins, which run a second time if one asks for it: `ReinvocationContext` of
 * `k8s.io/apiserver/pkg/admission`.
 */
export class Reinvocation {
  /** This is the second time. */
  isReinvocation = false
  /** Set by a plugin that changed the object, so that others may look at it again. */
  isNeeded = false
  #steps: Map<string, ReinvokedSteps> | undefined

  /** What is known of the steps of one plugin: its functions, or its policies. */
  stepsOf(plugin: string): ReinvokedSteps {
    this.#steps ??= new Map()
    let steps = this.#steps.get(plugin)
    if (steps === undefined) {
      steps = new ReinvokedSteps()
      this.#steps.set(plugin, steps)
    }
    return steps
  }
}

/** Which steps of a plugin are due again: those with reinvocation policy IfNeeded that ran before the last change. */
export class ReinvokedSteps {
  #previous = new Set<string>()
  readonly #due = new Set<string>()
  #output: unknown

  isDue(step: string): boolean {
    return this.#due.has(step)
  }

  addPrevious(step: string): void {
    this.#previous.add(step)
  }

  /** The object was changed: all that ran so far are due. */
  requirePrevious(): void {
    for (const step of this.#previous) this.#due.add(step)
    this.#previous = new Set()
  }

  /** To be called when the plugin begins: all that ran so far are due if another plugin changed the object since. */
  begin({ isReinvocation }: Reinvocation, object: Unstructured): void {
    if (isReinvocation && !equalJson(this.#output, object)) this.requirePrevious()
  }

  end(object: Unstructured): void {
    this.#output = copyJson(object)
  }
}
