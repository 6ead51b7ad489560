import { isNotFound, type Unstructured } from '@k1s/apimachinery'
import {
  addFilenameFlags,
  addPrintFlags,
  addSourceToError,
  type Factory,
  type FilenameOptions,
  type Info,
  type PrintFlags,
  type Result,
} from '@k1s/cli-runtime'
import type { Client, WriteOptions } from '@k1s/core'
import { addRunControllersFlag } from './after-write/run-controllers-flag.ts'
import type { Command } from './command.ts'
import { cascadeHelp, parseCascade } from './delete/cascade.ts'
import { addDryRunFlag, type DryRunFlags, dryRunOperation, dryRunStrategy } from './dry-run.ts'
import { parseDurationFlag } from './duration-flag.ts'
import { addFieldManagerFlag } from './field-manager.ts'
import { addFieldValidationFlag, type FieldValidationFlags, fieldValidation } from './field-validation.ts'
import { parseInteger } from './flag-set.ts'
import { createOrUpdateLastApplied } from './last-applied.ts'
import { asObject, withoutResourceVersion } from './objects.ts'
import { requireFilename } from './require-filename.ts'

interface ReplaceFlags extends FilenameOptions, PrintFlags, DryRunFlags, FieldValidationFlags {
  force?: boolean
  cascade: string
  gracePeriod: number
  /** Milliseconds. */
  timeout: number
  saveConfig?: boolean
  fieldManager: string
  subresource?: string
}

export const replace: Command<ReplaceFlags> = {
  usage: 'replace -f FILENAME',
  description: `Replace a resource by file name or stdin.

JSON and YAML formats are accepted. If replacing an existing resource, the complete resource spec must be provided. This can be obtained by

    $ k1s get TYPE NAME -o yaml`,
  examples: `# Replace an item using the data in item.yaml
k1s replace -f ./item.yaml

# Replace an item based on the YAML passed into stdin
cat item.yaml | k1s replace -f -

# Change a value of an item
k1s get item laptop -o yaml | sed 's/quantity: .*/quantity: 4/' | k1s replace -f -

# Force replace, delete and then re-create the resource
k1s replace --force -f ./item.yaml`,

  flags(set) {
    addPrintFlags(set)
    addFilenameFlags(set, 'The files or directories that contain the configurations to replace.')
    addDryRunFlag(set)
    addRunControllersFlag(set)
    addFieldManagerFlag(set, 'kubectl-replace')
    addFieldValidationFlag(set)
    set
      .option(
        '--force',
        'If true, immediately remove resources from API and create them anew. Dependents are deleted unless --cascade says otherwise.',
      )
      .option('--cascade [background]', cascadeHelp, undefined, 'background')
      .option(
        '--grace-period <seconds>',
        'Period of time in seconds given to the resource to terminate gracefully. Ignored if negative. Only with --force.',
        parseInteger,
        -1,
      )
      .option(
        '--timeout <duration>',
        'The length of time to wait before giving up on a delete, zero means five minutes',
        parseDurationFlag,
        0,
      )
      .option(
        '--save-config',
        'If true, the configuration of current object will be saved in its annotation. Otherwise, the annotation will be unchanged.',
      )
      .option(
        '--subresource <name>',
        'If specified, replace will operate on the subresource of the requested object.',
      )
  },

  // Texts and order are those of ReplaceOptions of k8s.io/kubectl/pkg/cmd/replace.
  async run({ flags, factory }) {
    const dryRun = dryRunStrategy(flags, factory.streams.err)
    const printer = await factory.printer({ ...flags, operation: dryRunOperation('replaced', dryRun) })
    requireFilename(flags)
    if (flags.gracePeriod >= 0 && !flags.force) throw new Error('--grace-period must have --force specified')
    if (flags.timeout !== 0 && !flags.force) throw new Error('--timeout must have --force specified')
    if (flags.force && dryRun !== 'none') throw new Error('--dry-run can not be used when --force is set')

    const options: WriteOptions = {
      dryRun: dryRun === 'server',
      fieldManager: flags.fieldManager,
      fieldValidation: fieldValidation(flags),
      onWarning: factory.warn,
    }
    const result = await buildResult(flags, factory)
    if (result.error !== undefined) throw result.error
    const infos = flags.force ? await deleteAll(result, flags, factory) : undefined

    const replaceOne = async (info: Info) => {
      let object = createOrUpdateLastApplied(flags.saveConfig === true, asObject(info))
      if (dryRun !== 'client') {
        const client = await factory.client()
        try {
          object = flags.force
            ? await client.create(withoutResourceVersion(object), options)
            : await update(client, info, object, flags.subresource, options)
        } catch (error) {
          throw flags.force ? error : addSourceToError('replacing', info.source, error)
        }
      }
      printer.print(object, factory.streams.out)
    }
    if (infos === undefined) return result.visit(replaceOne)
    if (infos.length === 0) throw new Error('no objects passed to replace')
    for (const info of infos) await replaceOne(info)
  },
}

async function buildResult(flags: ReplaceFlags, factory: Factory): Promise<Result> {
  const { namespace, enforced } = await factory.namespace()
  return factory
    .newBuilder()
    .continueOnError()
    .namespaceParam(namespace)
    .defaultNamespace()
    .filenameParam(enforced, flags)
    .fieldValidation(fieldValidation(flags))
    .subresource(flags.subresource)
    .flatten()
    .do()
}

/** Without a resourceVersion the object that is there is overwritten, whatever its version: Helper.Replace. */
async function update(
  client: Client,
  info: Info,
  object: Unstructured,
  subresource: string | undefined,
  options: WriteOptions,
): Promise<Unstructured> {
  const target = subresource === undefined ? client : client.subresource(subresource)
  if (object.metadata.resourceVersion) return target.update(object, options)
  const { namespaced } = info.mapping
  const key = { name: info.name, ...(namespaced && { namespace: info.namespace }) }
  try {
    const current = await target.get<Unstructured>(info.mapping, key)
    const { resourceVersion } = current.metadata
    return await target.update(
      {
        ...object,
        metadata: { ...object.metadata, ...(resourceVersion !== undefined && { resourceVersion }) },
      },
      options,
    )
  } catch (error) {
    if (!isNotFound(error)) throw error
    return target.update(object, options)
  }
}

const fiveMinutes = 5 * 60 * 1000

/** The infos are kept, so that standard input is read once. */
async function deleteAll(result: Result, flags: ReplaceFlags, factory: Factory): Promise<Info[]> {
  const { deleteObjects } = await import('./delete/delete-objects.ts')
  const infos = await result.infos()
  const visit: Result['visit'] = async (visitor) => {
    for (const info of infos) await visitor(info)
  }
  await deleteObjects({ visit }, factory, {
    propagationPolicy: parseCascade(flags.cascade, factory.streams.err),
    // 0 would be an immediate deletion; kubectl turns it into 1 here to prevent accidental data loss.
    gracePeriod: flags.gracePeriod === 0 ? 1 : flags.gracePeriod,
    dryRun: 'none',
    ignoreNotFound: true,
    wait: true,
    timeout: flags.timeout === 0 ? fiveMinutes : flags.timeout,
    nameOnly: flags.output === 'name',
    warnClusterScope: false,
    together: false,
  })
  return infos
}
