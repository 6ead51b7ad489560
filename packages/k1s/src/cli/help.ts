import { formatDuration } from '@k1s/apimachinery'
import { addGlobalFlags, type IOStreams, UsageError } from '@k1s/cli-runtime'
import type { Command, CommandEntry } from './command.ts'
import { commandGroups, commands } from './commands.ts'
import { type Flag, FlagSet } from './flag-set.ts'
import { wrapText } from './wrap-text.ts'

/** A command with the words that lead to it: `k1s config view`. Without a command it is k1s itself. */
export interface HelpSubject {
  readonly path: string
  readonly command?: Command<never>
}

export const help: Command = {
  usage: 'help [command]',
  description:
    'Help provides help for any command in the application. Simply type k1s help [path to command] for full details.',
  examples: `# Show the help of a command
k1s help get

# Show the help of a subcommand
k1s help config set-context`,
  async run({ args, factory }) {
    let path = 'k1s'
    let command: Command<never> | undefined
    let entries: readonly CommandEntry[] = commands
    for (const word of args) {
      const entry = entries.find(({ name, aliases }) => name === word || aliases?.includes(word))
      if (entry === undefined) {
        throw new UsageError(
          `unknown help topic ${JSON.stringify(args.join(' '))}\nRun 'k1s help' for usage.`,
        )
      }
      path += ` ${entry.name}`
      command = await entry.load()
      entries = command.subcommands ?? []
    }
    const { out } = factory.streams
    out.write(formatHelp({ path, ...(command !== undefined && { command }) }, out.width))
  },
}

/**
 * Help that was asked for goes to stdout. A command that cannot run without a subcommand shows its help on stderr
 * and fails, as kubectl's do; `k1s` alone does not fail.
 */
export function showHelp(subject: HelpSubject, asked: boolean, streams: IOStreams): number {
  const failed = !asked && subject.command !== undefined
  const stream = failed ? streams.err : streams.out
  stream.write(formatHelp(subject, stream.width))
  return failed ? 1 : 0
}

export function formatHelp(subject: HelpSubject, width: number): string {
  return subject.command === undefined
    ? formatRootHelp(width)
    : formatCommandHelp(subject.path, subject.command, width)
}

export function formatGlobalFlags(width: number): string {
  return formatFlags(globalFlags().flags, width)
}

function formatRootHelp(width: number): string {
  const groups = commandGroups.map(({ title, commands }) => `${title}\n${formatCommands(commands)}\n`)
  return `${wrapText(
    'k1s keeps Kubernetes objects on this machine: declarative, versioned and watchable, without a cluster or a server. Its commands are those of kubectl.',
    width,
  )}

Examples:
${indent(`# Store what a file describes, and look at it
k1s apply -f inventory.yaml
k1s get items

# Keep looking at it while it changes, here or in another process
k1s get items --watch

# Use a directory of your own
k1s --data-dir ./data get all`)}

${groups.join('\n')}
Usage:
  k1s [flags] [options]

Use "k1s <command> --help" for more information about a given command.
Use "k1s options" for a list of global command-line options (applies to all commands).
`
}

function formatCommandHelp(path: string, command: Command<never>, width: number): string {
  const own = new FlagSet()
  command.flags?.(own)
  const sections = [wrapText(command.description, width)]
  sections.push(`Examples:\n${indent(command.examples)}`)
  if (command.subcommands !== undefined) {
    sections.push(`Available Commands:\n${formatCommands(command.subcommands)}`)
  }
  if (own.flags.length > 0) sections.push(`Options:\n${formatFlags(own.flags, width).trimEnd()}`)
  if (command.run !== undefined) sections.push(`Usage:\n  k1s ${command.usage} [options]`)
  if (command.subcommands !== undefined) {
    sections.push(`Use "${path} <command> --help" for more information about a given command.`)
  }
  sections.push('Use "k1s options" for a list of global command-line options (applies to all commands).')
  return `${sections.join('\n\n')}\n`
}

function formatCommands(entries: readonly CommandEntry[]): string {
  const widest = Math.max(
    ...commands.map(({ name }) => name.length),
    ...entries.map(({ name }) => name.length),
  )
  return entries.map(({ name, summary }) => `  ${name.padEnd(widest)}   ${summary}`).join('\n')
}

/** `-o, --output='':` and the text below it, in the order of names, as kubectl shows flags. */
function formatFlags(flags: readonly Flag[], width: number): string {
  const sorted = [...flags].sort((a, b) => (a.name < b.name ? -1 : 1))
  return sorted
    .map((flag) => {
      const shorthand = flag.shorthand === undefined ? '    ' : `-${flag.shorthand}, `
      const text = wrapText(flag.description, width - 8).replaceAll('\n', '\n        ')
      return `    ${shorthand}--${flag.name}=${formatDefault(flag)}:\n        ${text}\n`
    })
    .join('\n')
}

function formatDefault({ takes, placeholder, defaultValue }: Flag): string {
  if (takes === 'nothing') return 'false'
  // As it can be given: a plain number would be seconds.
  if (placeholder === 'duration' && typeof defaultValue === 'number') return formatDuration(defaultValue)
  if (defaultValue === undefined) return "''"
  return typeof defaultValue === 'string' ? `'${defaultValue}'` : String(defaultValue)
}

function globalFlags(): FlagSet {
  const set = new FlagSet()
  addGlobalFlags(set)
  return set
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '  ')
}
