import { afterWriteCommands } from './after-write-command.ts'
import type { ConfigOptions } from './define-config.ts'

/**
 * What is wrong with options of `defineConfig`, after the path of the option: what the compiler tells those who write TypeScript,
 * and lengths of time. It looks at their form itself: to load what reads them would cost every command that writes several
 * milliseconds.
 */
export function wrongOption({ controllers, afterWrite }: Partial<ConfigOptions>): string | undefined {
  if (typeof controllers !== 'function') {
    return 'controllers must be a function that adds controllers to a manager'
  }
  if (afterWrite === undefined) return undefined
  if (typeof afterWrite !== 'object' || afterWrite === null) return 'afterWrite must be an object'
  const { commands, resources, controllers: which, deadline } = afterWrite
  if (commands !== undefined) {
    if (!isTexts(commands)) return 'afterWrite.commands must be an array of names of commands'
    const unknown = commands.find((name) => !(afterWriteCommands as readonly string[]).includes(name))
    if (unknown !== undefined) {
      return `afterWrite.commands: ${JSON.stringify(unknown)} is no command that writes; there are: ${afterWriteCommands.join(', ')}`
    }
  }
  if (resources !== undefined && !isTexts(resources)) {
    return 'afterWrite.resources must be an array of resources, such as items.inventory.example.com'
  }
  if (which !== undefined && which !== 'changed' && which !== 'all' && !isTexts(which)) {
    return 'afterWrite.controllers must be changed, all, or an array of names of controllers'
  }
  if (deadline !== undefined && !isPositiveDuration(deadline)) {
    const given = typeof deadline === 'string' ? JSON.stringify(deadline) : String(deadline)
    return `afterWrite.deadline: ${given} is no length of time above 0: a text such as 10s or 1m30s, or milliseconds`
  }
  return undefined
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

/** As Go writes them: see `parseDuration` of `@k1s/apimachinery`. */
const duration = /^\+?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/

function isPositiveDuration(value: unknown): boolean {
  if (typeof value === 'number') return value > 0
  return typeof value === 'string' && duration.test(value) && /[1-9]/.test(value)
}
