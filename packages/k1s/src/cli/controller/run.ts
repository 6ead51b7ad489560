import type { Command } from '../command.ts'
import { parseDurationFlag } from '../duration-flag.ts'
import type { FlagSet } from '../flag-set.ts'
import { NoCompatiblePrinterError } from '../no-compatible-printer-error.ts'
import { addProjectFlag, type ProjectFlags } from './project-flag.ts'

const formats = ['json', 'yaml', 'name']

export type LogLevel = 'none' | 'error' | 'info' | 'debug'

export interface RunFlags extends ProjectFlags {
  once?: boolean
  untilIdle?: boolean
  /** Milliseconds. */
  every?: number
  follow?: boolean
  /** Milliseconds. */
  deadline?: number
  /** Milliseconds. */
  shutdownTimeout: number
  logLevel?: LogLevel
  output?: string
}

export const run: Command<RunFlags> = {
  usage: 'controller run ([NAME ...] [--once | --until-idle | --every=30s] | --follow)',
  description: `Run the controllers of a project.

By default all controllers with a trigger run once: they reconcile what was written since they last looked, and what has become due, and the command returns. With names, only these run, also those that nothing else triggers. Two commands at the same time never reconcile one object together: one of them waits, and finds it done.

For each controller a line says what was done. The command fails if an object could not be reconciled, which is remembered and tried again by a later run, or if it could not come to an end in time.

The first SIGINT or SIGTERM stops the intake and waits for what is under way; a second one ends the command at once.`,
  examples: `# Do what is due, and return
k1s controller run

# Only one controller, with its log
k1s controller run category --log-level=info

# Also wait for what is to be looked at again later, for a minute at most
k1s controller run --until-idle --deadline=1m

# Look every 30 seconds, until Ctrl-C
k1s controller run --every=30s

# Watch, and reconcile at once, until Ctrl-C
k1s controller run --follow

# On a Kubernetes cluster
k1s controller run --follow --kubeconfig ~/.kube/config`,
  flags: addRunFlags,
  async run(invocation) {
    checkRunFlags(invocation.flags, invocation.args)
    const { runControllers } = await import('./run-controllers.ts')
    await runControllers(invocation)
  },
}

function addRunFlags(set: FlagSet): void {
  set
    .option('--once', 'Reconcile what is due now, and return. This is the default.')
    .option(
      '--until-idle',
      'Also wait for what is to be reconciled again later, until nothing is left or the deadline is over.',
    )
    .option('--every <duration>', 'Run once, again and again, so often, until a signal.', parseInterval)
    .option(
      '--follow',
      'Watch, and reconcile what is written at once, until a signal. Logs to standard error.',
    )
    .option(
      '--deadline <duration>',
      'The length of time that a run may take. Reconciles that are under way then have a second to end, and what is left is remembered.',
      parsePositive,
    )
    .option(
      '--shutdown-timeout <duration>',
      'How long reconciles that are under way may take after a signal.',
      parseDurationFlag,
      30_000,
    )
    .option(
      '--log-level <level>',
      'What controllers log to standard error. One of: (none, error, info, debug). By default info with --follow, and none otherwise.',
      parseLogLevel,
    )
    .option('-o, --output <format>', `Output format of the report. One of: (${formats.join(', ')}).`)
  addProjectFlag(set)
}

function checkRunFlags(flags: RunFlags, names: readonly string[]): void {
  const modes = [
    flags.once && '--once',
    flags.untilIdle && '--until-idle',
    flags.every !== undefined && '--every',
    flags.follow && '--follow',
  ].filter((mode) => typeof mode === 'string')
  if (modes.length > 1) throw new Error(`${modes.join(' and ')} cannot be specified together`)
  const { output, follow, deadline } = flags
  if (output !== undefined && !formats.includes(output)) throw new NoCompatiblePrinterError(output, formats)
  if (!follow) return
  if (names.length > 0) throw new Error('--follow runs all controllers: it cannot be used with names')
  if (output !== undefined) throw new Error('--follow has no report: it cannot be used with --output')
  if (deadline !== undefined) throw new Error('--follow has no end: it cannot be used with --deadline')
}

function parseInterval(text: string): number {
  const interval = parseDurationFlag(text)
  if (interval < 100) throw new Error('must be at least 100ms')
  return interval
}

function parsePositive(text: string): number {
  const duration = parseDurationFlag(text)
  if (duration <= 0) throw new Error('must be greater than 0')
  return duration
}

function parseLogLevel(text: string): LogLevel {
  if (text === 'none' || text === 'error' || text === 'info' || text === 'debug') return text
  throw new Error('must be one of none, error, info, debug')
}
