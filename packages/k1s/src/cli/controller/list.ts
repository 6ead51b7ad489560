import { formatDuration, humanDuration } from '@k1s/apimachinery'
import { TabWriter, UsageError } from '@k1s/cli-runtime'
import type { ControllerStatus } from '@k1s/controller-runtime/config'
import type { Command } from '../command.ts'
import { NoCompatiblePrinterError } from '../no-compatible-printer-error.ts'
import { openProject } from '../project/open-project.ts'
import { projectConfigFile } from '../project/project-config-file.ts'
import { addProjectFlag, type ProjectFlags } from './project-flag.ts'

const formats = ['json', 'yaml', 'name', 'wide']

interface ListFlags extends ProjectFlags {
  output?: string
  /** False with `--no-headers`. */
  headers?: boolean
}

export const list: Command<ListFlags> = {
  usage: 'controller list [(-o|--output=)json|yaml|name|wide]',
  description:
    'List the controllers of a project: what triggers them, which process runs them, how many objects they want to look at again and when, and when they last had something to do.',
  examples: `# List all controllers
k1s controller list

# With the identities of holders as their Leases have them, also of processes that have ended
k1s controller list -o wide

# With the resources that they watch, and up to which version they have seen them
k1s controller list -o yaml`,
  flags(set) {
    set
      .option('-o, --output <format>', `Output format. One of: (${formats.join(', ')}).`)
      .option(
        '--no-headers',
        "When using the default output format, don't print headers (default print headers).",
      )
    addProjectFlag(set)
  },
  async run({ flags, args, factory, commandPath }) {
    if (args.length > 0) throw new UsageError(`unexpected arguments: [${args.join(' ')}]`, commandPath)
    const { output = '' } = flags
    if (!['', ...formats].includes(output)) throw new NoCompatiblePrinterError(output, formats)
    const { config, manager } = await openProject(projectConfigFile(flags.projectConfig), factory)
    const statuses = await config.controllerStatuses(manager)
    const { out } = factory.streams
    if (output === 'json') {
      out.write(`${JSON.stringify({ items: statuses.map(plainStatus) }, undefined, 4)}\n`)
    } else if (output === 'yaml') {
      const { encodeYaml } = await import('@k1s/apimachinery/yaml')
      out.write(encodeYaml({ items: statuses.map(plainStatus) }))
    } else if (output === 'name') {
      for (const { controller } of statuses) out.write(`controller/${controller}\n`)
    } else {
      const writer = new TabWriter(out)
      if (flags.headers !== false) {
        writer.writeCells(['NAME', 'TRIGGERS', 'HOLDER', 'PENDING', 'NEXT DUE', 'LAST RUN'])
      }
      const now = manager.clock.now()
      for (const status of statuses) writer.writeCells(cellsOf(status, now, output === 'wide'))
      writer.flush()
    }
  },
}

function cellsOf(status: ControllerStatus, now: number, isWide: boolean): string[] {
  const { controller, pending, nextDue, lastRun } = status
  const holder = (isWide ? status.holder : runningHolder(status)) ?? '<none>'
  const next =
    nextDue === undefined ? '<none>' : nextDue <= now ? 'now' : `in ${humanDuration(nextDue - now)}`
  const last = lastRun === undefined ? '<never>' : `${humanDuration(now - lastRun)} ago`
  return [controller, triggersOf(status).join(','), holder, String(pending), next, last]
}

/** `HOST/PID`, or what other programs call themselves. A process that is dead on this machine holds nothing up. */
function runningHolder({ holder, holderProcess: process }: ControllerStatus): string | undefined {
  if (process === undefined) return holder
  return process.state === 'dead' ? undefined : `${process.host}/${process.pid}`
}

/** `event`, `manual`, `every 10m0s` */
function triggersOf({ triggers }: ControllerStatus): string[] {
  return triggers.map((trigger) => {
    if (trigger.type !== 'periodic') return trigger.type
    return `every ${typeof trigger.every === 'number' ? formatDuration(trigger.every) : trigger.every}`
  })
}

function plainStatus(status: ControllerStatus) {
  const {
    controller,
    triggers,
    resources,
    holder,
    holderProcess,
    pending,
    nextDue,
    lastRun,
    resourceVersions,
  } = status
  return {
    controller,
    triggers,
    resources,
    ...(holder !== undefined && { holder }),
    ...(holderProcess !== undefined && { holderProcess }),
    pending,
    ...(nextDue !== undefined && { nextDue: new Date(nextDue).toISOString() }),
    ...(lastRun !== undefined && { lastRun: new Date(lastRun).toISOString() }),
    resourceVersions,
  }
}
