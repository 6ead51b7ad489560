import type { FieldsOf } from '@k1s/apimachinery'
import { afterWriteCommands } from './after-write-command.ts'
import type { AfterWriteConfig, ConfigOptions } from './define-config.ts'

/**
 * What is wrong with options of `defineConfig`, after the path of the option: what the compiler tells those who write TypeScript,
 * and lengths of time. It looks at their form itself: to load what reads them would cost every command that writes several
 * milliseconds.
 */
export function wrongOption(options: Partial<ConfigOptions>): string | undefined {
  const { kinds, controllers, manager, afterWrite } = options
  const mistyped = unknownField(options, configFields)
  if (mistyped !== undefined) return mistyped
  if (kinds !== undefined && !(Array.isArray(kinds) && kinds.every(isKind))) {
    return 'kinds must be an array of what defineKind() returns'
  }
  if (manager !== undefined && !isObject(manager)) return 'manager must be an object'
  if (typeof controllers !== 'function') {
    return 'controllers must be a function that adds controllers to a manager'
  }
  if (afterWrite === undefined) return undefined
  if (!isObject(afterWrite)) return 'afterWrite must be an object'
  const unknown = unknownField(afterWrite, afterWriteFields, 'afterWrite.')
  if (unknown !== undefined) return unknown
  const { commands, resources, controllers: which, deadline } = afterWrite
  if (commands !== undefined) {
    if (!isTexts(commands)) return 'afterWrite.commands must be an array of names of commands'
    const wrong = commands.find((name) => !(afterWriteCommands as readonly string[]).includes(name))
    if (wrong !== undefined) {
      return `afterWrite.commands: ${JSON.stringify(wrong)} is no command that writes; there are: ${afterWriteCommands.join(', ')}`
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

const configFields: FieldsOf<ConfigOptions> = {
  kinds: true,
  controllers: true,
  manager: true,
  afterWrite: true,
}
const afterWriteFields: FieldsOf<AfterWriteConfig> = {
  commands: true,
  resources: true,
  controllers: true,
  deadline: true,
}

/** In the words of `checkFields` of `@k1s/apimachinery`, which every hooked command would have to load for it. */
function unknownField(options: object, known: object, path = ''): string | undefined {
  const unknown = Object.keys(options).find((field) => !Object.hasOwn(known, field))
  if (unknown === undefined) return undefined
  return `unknown field ${JSON.stringify(path + unknown)}, expected one of ${Object.keys(known).join(', ')}`
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isKind(value: unknown): boolean {
  return isObject(value) && 'kind' in value && 'plural' in value
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
