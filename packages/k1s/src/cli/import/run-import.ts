import { ExitError, formatError, type IOStreams, standardErrorMessage } from '@k1s/cli-runtime'
import {
  type ImportOptions,
  type ImportOutcome,
  type ImportProblemReason,
  ImportRefusedError,
  type ImportResult,
  importObjects,
  type OutcomeKind,
  readManifests,
} from '@k1s/cli-runtime/bulk'
import type { Invocation } from '../command.ts'
import { type DryRunStrategy, dryRunOperation, dryRunStrategy } from '../dry-run.ts'
import { fieldValidation } from '../field-validation.ts'
import { ProgressLine } from '../progress-line.ts'
import type { ImportFlags } from './import.ts'

export async function runImport({ flags, args, factory }: Invocation<ImportFlags>): Promise<void> {
  const { out, err } = factory.streams
  const dryRun = dryRunStrategy(flags, err)
  const policies = validate(flags, args)
  const { namespace, enforced } = await factory.namespace()
  const [{ client, transport }, { tenant }] = await Promise.all([factory.runtime(), factory.config()])

  const progress = new ProgressLine(err, 'imported', flags.quiet === true)
  const reporter = new OutcomeReporter(factory.streams, progress, dryRun)
  const validation = fieldValidation(flags)
  const interruption = new Interruption()
  const onWarning = (text: string) => {
    progress.clear()
    factory.warn(text)
  }
  const options: ImportOptions = {
    ...policies,
    dryRun,
    namespace,
    enforceNamespace: enforced,
    status: flags.status,
    parallel: flags.parallel,
    fieldManager: flags.fieldManager,
    fieldValidation: validation,
    forceConflicts: flags.forceConflicts === true,
    signal: interruption.signal,
    onWarning,
    onPlan: (total) => {
      interruption.listen()
      reporter.start(total)
    },
    onOutcome: (outcome) => reporter.report(outcome),
  }
  const manifests = readManifests(flags.filename ?? [], {
    stdin: factory.streams.in,
    strict: validation === 'Strict',
    onWarning,
  })
  let result: ImportResult
  try {
    result = await importObjects({ client, transport, tenant }, manifests, options)
  } catch (error) {
    progress.clear()
    throw error instanceof ImportRefusedError ? refusal(error) : error
  }
  progress.clear()
  if (!flags.quiet) out.write(`${dryRunOperation(summaryOf(result), dryRun)}\n`)
  if (result.interrupted) {
    err.write(
      `error: ${interruption.signal.aborted ? 'interrupted' : 'stopped'}: ${result.remaining} of ${result.total} objects were not imported; run the command again to import the rest\n`,
    )
    throw new ExitError(interruption.signal.aborted ? interruption.exitCode : 1)
  }
  if (result.counts.failed + result.counts.blocked > 0) throw new ExitError(1)
}

const conflictPolicies = ['fail', 'skip', 'update', 'apply'] as const
const ownerPolicies = ['fail', 'drop', 'keep'] as const

function validate(flags: ImportFlags, args: readonly string[]) {
  if (args.length > 0) throw new Error(`Unexpected args: [${args.join(' ')}]`)
  if (flags.filename === undefined) throw new Error('must specify -f')
  if (flags.filename.filter((name) => name === '-').length > 1) {
    throw new Error('standard input cannot be used for multiple arguments')
  }
  if (flags.parallel < 1) throw new Error('--parallel must be at least 1')
  const onConflict = conflictPolicies.find((policy) => policy === flags.onConflict)
  if (onConflict === undefined) {
    throw new Error(
      `Invalid on-conflict value (${flags.onConflict}). Must be "fail", "skip", "update", or "apply".`,
    )
  }
  const missingOwners = ownerPolicies.find((policy) => policy === flags.missingOwners)
  if (missingOwners === undefined) {
    throw new Error(
      `Invalid missing-owners value (${flags.missingOwners}). Must be "fail", "drop", or "keep".`,
    )
  }
  if (flags.forceConflicts && onConflict !== 'apply') {
    throw new Error('--force-conflicts only works with --on-conflict=apply')
  }
  return { onConflict, missingOwners, namespaceMap: namespaceMapOf(flags.namespaceMap ?? []) }
}

function namespaceMapOf(entries: readonly string[]): Map<string, string> {
  const map = new Map<string, string>()
  for (const entry of entries) {
    const [from = '', to = '', ...more] = entry.split('=')
    if (from === '' || to === '' || more.length > 0) {
      throw new Error(`Invalid argument syntax ${entry}, expected <from>=<to>`)
    }
    map.set(from, to)
  }
  return map
}

/**
 * From `listen` on, the first Ctrl-C ends the import after what is under way, and the second one the process. Before
 * that nothing is written, and a signal ends the process as it always does.
 */
class Interruption {
  readonly #abort = new AbortController()
  exitCode = 130

  get signal(): AbortSignal {
    return this.#abort.signal
  }

  listen(): void {
    for (const [signal, exitCode] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const) {
      process.once(signal, () => {
        this.exitCode = exitCode
        this.#abort.abort()
      })
    }
  }
}

/** Tells of objects as they are done: failures always, all others in a dry run. */
class OutcomeReporter {
  readonly #streams: IOStreams
  readonly #progress: ProgressLine
  readonly #dryRun: DryRunStrategy
  #total = 0
  #done = 0

  constructor(streams: IOStreams, progress: ProgressLine, dryRun: DryRunStrategy) {
    this.#streams = streams
    this.#progress = progress
    this.#dryRun = dryRun
  }

  start(total: number): void {
    this.#total = total
  }

  report({ outcome, group, kind, name, error }: ImportOutcome): void {
    this.#done++
    if (error !== undefined) {
      this.#progress.clear()
      this.#streams.err.write(`${standardErrorMessage(error) ?? formatError(error).message}\n`)
    } else if (this.#dryRun !== 'none') {
      const type = group === '' ? kind.toLowerCase() : `${kind.toLowerCase()}.${group}`
      this.#streams.out.write(`${type}/${name} ${dryRunOperation(words[outcome], this.#dryRun)}\n`)
    }
    const label = group === '' ? kind : `${kind}.${group}`
    this.#progress.show({ done: this.#done, total: this.#total, label })
  }
}

const words: { readonly [outcome in OutcomeKind]: string } = {
  created: 'created',
  updated: 'updated',
  unchanged: 'unchanged',
  skipped: 'skipped',
  failed: 'failed',
  blocked: 'not tried',
  unchecked: 'not checked',
}

/** `128 created, 3 unchanged, 1 failed` */
function summaryOf({ counts, total }: ImportResult): string {
  const parts = Object.entries(words).flatMap(([outcome, word]) => {
    const count = counts[outcome as OutcomeKind]
    return count > 0 ? [`${count} ${word}`] : []
  })
  if (parts.length > 0) return parts.join(', ')
  return total === 0 ? 'no objects passed to import' : 'nothing imported'
}

const shownProblems = 20

const hints: { readonly [reason in ImportProblemReason]?: string } = {
  Exists: 'Use --on-conflict=skip, update or apply for objects that are there already.',
  NoOwner: 'Import the owners as well, or use --missing-owners=drop.',
  NoNamespace: 'Create the namespaces first, or use --namespace-map.',
}

function refusal({ problems }: ImportRefusedError): Error {
  const lines = problems.slice(0, shownProblems).map(({ message }) => message)
  if (problems.length > shownProblems) lines.push(`… and ${problems.length - shownProblems} more`)
  const reasons = new Set(problems.map(({ reason }) => reason))
  const advice = [...reasons].flatMap((reason) => hints[reason] ?? [])
  return new Error(['nothing is imported:', ...lines, ...advice].join('\n'))
}
