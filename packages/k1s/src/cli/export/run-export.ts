import {
  type ExportedObject,
  type ExportOptions,
  type ExportProgress,
  exportObjects,
  writeExportDirectory,
} from '@k1s/cli-runtime/bulk'
import type { Invocation } from '../command.ts'
import { exitOnSignals } from '../exit-on-signals.ts'
import { NoCompatiblePrinterError } from '../no-compatible-printer-error.ts'
import { ProgressLine } from '../progress-line.ts'
import type { ExportFlags } from './export.ts'
import { type StreamFormat, writeObjectStream } from './object-stream.ts'
import { selectionsOf } from './selections.ts'

export async function runExport({ flags, args, factory }: Invocation<ExportFlags>): Promise<void> {
  const format = validate(flags)
  const { namespace, enforced } = await factory.namespace()
  const isScoped = args.length > 0 || enforced
  const scope = flags.allNamespaces || !isScoped ? undefined : namespace
  const [{ client, transport }, mapper, { tenant }] = await Promise.all([
    factory.runtime(),
    factory.restMapper(),
    factory.config(),
  ])
  const { include = [], exclude = [] } = flags
  const selections = selectionsOf(mapper, { args, namespace: scope, include, exclude })

  const { err, out } = factory.streams
  const progress = new ProgressLine(err, 'exported', flags.quiet === true || isOnTerminal(flags, out, err))
  let last: ExportProgress | undefined
  const options: ExportOptions = {
    ...exportOptions(flags),
    ...(scope !== undefined && { namespace: scope }),
    selections,
    onWarning: (text) => {
      progress.clear()
      factory.warn(text)
    },
    onProgress: (now) => {
      last = now
      const total = now.remaining === undefined ? undefined : now.exported + now.remaining
      progress.show({ done: now.exported, total, label: now.resource })
    },
  }
  const objects = exportObjects({ client, transport, tenant }, options)
  try {
    await write(objects, format, flags, out)
  } finally {
    progress.clear()
  }
  if (flags.outputDir !== undefined && !flags.quiet) {
    const count = last?.exported ?? 0
    out.write(`${count} ${count === 1 ? 'object' : 'objects'} exported to ${flags.outputDir}\n`)
  }
}

function validate({ output = 'yaml', outputDir, overwrite, chunkSize }: ExportFlags): StreamFormat {
  if (output !== 'yaml' && output !== 'json' && output !== 'jsonl') {
    throw new NoCompatiblePrinterError(output, ['json', 'jsonl', 'yaml'])
  }
  if (outputDir !== undefined && output === 'jsonl') {
    throw new Error(
      'a directory (-f, --output-dir) gets one file for each object: use --output=yaml or --output=json with it',
    )
  }
  if (outputDir === '-') {
    throw new Error('-f (--output-dir) takes a directory: leave it away to write to standard output')
  }
  if (overwrite && outputDir === undefined)
    throw new Error('--overwrite only works with a directory (-f, --output-dir)')
  if (chunkSize < 0) throw new Error('--chunk-size may not be negative')
  return output
}

function exportOptions(flags: ExportFlags): ExportOptions {
  const { selector, fieldSelector, system = false, keepMetadata = false, status, chunkSize } = flags
  return {
    ...(selector !== undefined && { labelSelector: selector }),
    ...(fieldSelector !== undefined && { fieldSelector }),
    system,
    keepMetadata,
    status,
    pageSize: chunkSize,
  }
}

/** Objects that are shown where the bar would be. */
function isOnTerminal(
  { outputDir }: ExportFlags,
  out: { readonly isTTY: boolean },
  err: { readonly isTTY: boolean },
): boolean {
  return outputDir === undefined && out.isTTY && err.isTTY
}

function write(
  objects: AsyncIterable<ExportedObject>,
  format: StreamFormat,
  { outputDir, overwrite = false }: ExportFlags,
  out: Parameters<typeof writeObjectStream>[2],
): Promise<void> {
  if (outputDir === undefined) return writeObjectStream(objects, format, out)
  return writeExportDirectory(outputDir, objects, {
    format: format === 'json' ? 'json' : 'yaml',
    overwrite,
    signal: abortedBeforeExit(),
  })
}

/** Aborts on the signals that end the process, right before they do. */
function abortedBeforeExit(): AbortSignal {
  const abort = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => abort.abort())
  exitOnSignals()
  return abort.signal
}
