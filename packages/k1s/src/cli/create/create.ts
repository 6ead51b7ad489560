import {
  addFilenameFlags,
  addLabelSelectorFlag,
  addPrintFlags,
  addSourceToError,
  type FilenameOptions,
  type Info,
  type PrintFlags,
  type SelectorFlags,
  UsageError,
} from '@k1s/cli-runtime'
import { addRunControllersFlag } from '../after-write/run-controllers-flag.ts'
import type { Command } from '../command.ts'
import { addDryRunFlag, type DryRunFlags, dryRunOperation, dryRunStrategy } from '../dry-run.ts'
import { addFieldManagerFlag } from '../field-manager.ts'
import { addFieldValidationFlag, type FieldValidationFlags, fieldValidation } from '../field-validation.ts'
import type { FlagSet } from '../flag-set.ts'
import { createOrUpdateLastApplied } from '../last-applied.ts'
import { asObject, withoutResourceVersion } from '../objects.ts'
import { requireFilename } from '../require-filename.ts'

interface CreateFlags extends CreateFromFlags, FilenameOptions, SelectorFlags {}

/** The flags of `create` and of all its subcommands. */
export interface CreateFromFlags extends PrintFlags, DryRunFlags, FieldValidationFlags {
  saveConfig?: boolean
  fieldManager: string
}

export function addCreateFlags(set: FlagSet): void {
  addPrintFlags(set)
  addDryRunFlag(set)
  addRunControllersFlag(set)
  addFieldManagerFlag(set, 'kubectl-create')
  addFieldValidationFlag(set)
  set.option(
    '--save-config',
    'If true, the configuration of current object will be saved in its annotation. Otherwise, the annotation will be unchanged. This flag is useful when you want to perform k1s apply on this object in the future.',
  )
}

export const create: Command<CreateFlags> = {
  usage: 'create -f FILENAME',
  description: `Create a resource from a file or from stdin.

JSON and YAML formats are accepted.`,
  examples: `# Create an item using the data in item.yaml
k1s create -f ./item.yaml

# Create an item based on the YAML passed into stdin
cat item.yaml | k1s create -f -

# Create a config map from values on the command line
k1s create configmap my-config --from-literal=key1=config1

# Print the object that would be created, without creating it
k1s create secret generic my-secret --from-literal=token=t0p --dry-run=client -o yaml`,
  subcommands: [
    {
      name: 'namespace',
      aliases: ['ns'],
      summary: 'Create a namespace with the specified name',
      load: async () => (await import('./create-namespace.ts')).createNamespace,
    },
    {
      name: 'configmap',
      aliases: ['cm'],
      summary: 'Create a config map from a local file, directory or literal value',
      load: async () => (await import('./create-configmap.ts')).createConfigMap,
    },
    {
      name: 'secret',
      summary: 'Create a secret using a specified subcommand',
      load: async () => (await import('./create-secret.ts')).createSecret,
    },
    {
      name: 'quota',
      aliases: ['resourcequota'],
      summary: 'Create a quota with the specified name',
      load: async () => (await import('./create-quota.ts')).createQuota,
    },
    {
      name: 'serviceaccount',
      aliases: ['sa'],
      summary: 'Create a service account with the specified name',
      load: async () => (await import('./create-serviceaccount.ts')).createServiceAccount,
    },
  ],

  flags(set) {
    addCreateFlags(set)
    addFilenameFlags(set, 'Filename or directory of files to use to create the resource.')
    addLabelSelectorFlag(set)
  },

  async run({ flags, args, factory, commandPath }) {
    if (args.length > 0) throw new UsageError(`Unexpected args: [${args.join(' ')}]`, commandPath)
    requireFilename(flags)
    const dryRun = dryRunStrategy(flags, factory.streams.err)
    const validation = fieldValidation(flags)
    const printer = await factory.printer({ ...flags, operation: dryRunOperation('created', dryRun) })
    const { namespace, enforced } = await factory.namespace()
    const result = factory
      .newBuilder()
      .continueOnError()
      .namespaceParam(namespace)
      .defaultNamespace()
      .filenameParam(enforced, flags)
      .fieldValidation(validation)
      .labelSelectorParam(flags.selector)
      .flatten()
      .do()

    let count = 0
    await result.visit(async (info: Info) => {
      let object = createOrUpdateLastApplied(flags.saveConfig === true, asObject(info))
      if (dryRun !== 'client') {
        const client = await factory.client()
        try {
          object = await client.create(withoutResourceVersion(object), {
            dryRun: dryRun === 'server',
            fieldManager: flags.fieldManager,
            fieldValidation: validation,
            onWarning: factory.warn,
          })
        } catch (error) {
          throw addSourceToError('creating', info.source, error)
        }
      }
      count++
      printer.print(object, factory.streams.out)
    })
    if (count === 0) throw new Error('no objects passed to create')
  },
}
