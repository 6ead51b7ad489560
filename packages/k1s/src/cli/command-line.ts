import {
  addGlobalFlags,
  createFactory,
  type Factory,
  type GlobalFlags,
  suggestions,
  UsageError,
} from '@k1s/cli-runtime'
import type { AfterWriteHook } from './after-write/after-write-hook.ts'
import type { Command, CommandEntry } from './command.ts'
import { commands } from './commands.ts'
import { FlagError, FlagSet, type ParsedFlags } from './flag-set.ts'

/** Runs one command line and returns its exit code. Errors are printed, never thrown. */
export async function runCommandLine(argv: readonly string[]): Promise<number> {
  let factory: Factory | undefined
  let verbosity = 0
  let failureExitCode = 1
  try {
    const found = await findCommand(argv)
    failureExitCode = found.command?.failureExitCode ?? 1
    const parsed = parseFlags(found)
    const flags = parsed.values as GlobalFlags
    verbosity = flags.v ?? 0
    const hook = await hookOf(found, parsed)
    factory = createFactory({
      flags,
      userAgent: async () => (await import('./user-agent.ts')).userAgent(),
      ...(hook !== undefined && { wrapTransport: hook.recorder.wrap }),
    })
    const exitCode = await run(found, parsed, factory, hook)
    await factory.close()
    return exitCode
  } catch (error) {
    const { reportFailure } = await import('./failure.ts')
    return reportFailure(error, factory, verbosity, failureExitCode)
  }
}

interface FoundCommand {
  /** The words that lead to it: `k1s config view`. */
  readonly path: string
  /** Undefined for `k1s` alone. */
  readonly command?: Command<never>
  readonly flagSet: FlagSet
  /** What is left without the words of the path. */
  readonly argv: readonly string[]
}

/** Follows the words of the command line down the tree of commands. */
async function findCommand(argv: readonly string[]): Promise<FoundCommand> {
  let found: FoundCommand = { path: 'k1s', flagSet: flagSetOf(), argv }
  let entries: readonly CommandEntry[] = commands
  for (;;) {
    const index = found.flagSet.firstArgument(found.argv)
    const word = found.argv[index]
    const entry = entries.find(({ name, aliases }) => name === word || aliases?.includes(word ?? ''))
    if (entry === undefined) {
      if (word !== undefined && isMeantAsCommand(word, found.command)) refuse(word, found, entries)
      return found
    }
    const command = await entry.load()
    found = {
      path: `${found.path} ${entry.name}`,
      command,
      flagSet: flagSetOf(command),
      argv: found.argv.filter((_, i) => i !== index),
    }
    entries = command.subcommands ?? []
    if (entries.length === 0) return found
  }
}

function flagSetOf(command?: Command<never>): FlagSet {
  const set = new FlagSet()
  command?.flags?.(set)
  addGlobalFlags(set)
  return set
}

/** A command with subcommands takes no arguments, but a shell may leave more files after `-f` than one. */
function isMeantAsCommand(word: string, command: Command<never> | undefined): boolean {
  return command?.run === undefined || (command.subcommands !== undefined && /^[a-z][a-z-]*$/.test(word))
}

/** With the text of cobra for unknown commands. Subcommands are few, so all are named if none is near. */
function refuse(word: string, { path, command }: FoundCommand, entries: readonly CommandEntry[]): never {
  const meant = entries.filter(({ suggestFor }) => suggestFor?.includes(word.toLowerCase()))
  const near = suggestions(
    word,
    entries.map(({ name }) => name),
  )
  const names = [...new Set([...near, ...meant.map(({ name }) => name)])]
  const known =
    names.length > 0 || command === undefined
      ? didYouMean(names)
      : `\nIts commands are ${entries.map(({ name }) => name).join(', ')}; see '${path} --help'.`
  throw new UsageError(`unknown command ${JSON.stringify(word)} for ${JSON.stringify(path)}${known}`)
}

function parseFlags({ flagSet, argv, path }: FoundCommand): ParsedFlags {
  try {
    return flagSet.parse(argv)
  } catch (error) {
    if (!(error instanceof FlagError)) throw error
    const names = flagSet.flags.map(({ name }) => name)
    const near = error.unknownFlag === undefined ? [] : suggestions(error.unknownFlag, names)
    throw new UsageError(
      `${error.message}\nSee '${path} --help' for usage.${didYouMean(near.map((name) => `--${name}`))}`,
    )
  }
}

/** As cobra writes it. */
function didYouMean(names: readonly string[]): string {
  return names.length === 0 ? '' : `\n\nDid you mean this?\n${names.map((name) => `\t${name}\n`).join('')}`
}

/** What runs after a command that has written something, if there is such a thing. Those that only read load nothing. */
async function hookOf(
  { path }: FoundCommand,
  { values, changed, help }: ParsedFlags,
): Promise<AfterWriteHook | undefined> {
  if (values.runControllers !== true || help) return undefined
  const { findHook } = await import('./after-write/find-hook.ts')
  return findHook(path, changed.has('runControllers'))
}

async function run(
  found: FoundCommand,
  parsed: ParsedFlags,
  factory: Factory,
  hook: AfterWriteHook | undefined,
): Promise<number> {
  const { command, path } = found
  if (parsed.help || command?.run === undefined) {
    const { showHelp } = await import('./help.ts')
    return showHelp(found, parsed.help, factory.streams)
  }
  const runControllers = hook && (() => hook.run(factory))
  try {
    await command.run({
      commandPath: path,
      args: parsed.args,
      flags: parsed.values as never,
      changed: (key: string) => parsed.changed.has(key),
      factory,
      ...(runControllers && { runControllers }),
    })
  } catch (error) {
    // A command that failed in the middle has written too. What fails now has said so, and is not why the command failed.
    await runControllers?.().catch(() => undefined)
    throw error
  }
  await runControllers?.()
  return 0
}
