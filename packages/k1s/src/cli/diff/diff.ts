import { isConflict, isNotFound, type Unstructured } from '@k1s/apimachinery'
import {
  addFilenameFlags,
  addLabelSelectorFlag,
  type Factory,
  type FilenameOptions,
  type Info,
  omitManagedFields,
  type SelectorFlags,
  UsageError,
} from '@k1s/cli-runtime'
import { warnIfDeleting } from '../apply/warn-if-deleting.ts'
import type { Command } from '../command.ts'
import { addFieldManagerFlag } from '../field-manager.ts'
import { asObject } from '../objects.ts'
import { requireFilename } from '../require-filename.ts'
import { ComparedVersions } from './compared-versions.ts'
import { maskSecrets } from './mask-secrets.ts'
import { mergedObject } from './merged-object.ts'

export interface DiffFlags extends FilenameOptions, SelectorFlags {
  serverSide?: boolean
  forceConflicts?: boolean
  fieldManager?: string
  showManagedFields?: boolean
  showSecrets?: boolean
}

/** How often an object that changes meanwhile is looked at; the last time without a lock. */
const maxAttempts = 4

export const diff: Command<DiffFlags> = {
  usage: 'diff -f FILENAME',
  description: `Diff configurations specified by file name or stdin between the current online configuration, and the configuration as it would be if applied.

The output is always YAML.

KUBECTL_EXTERNAL_DIFF environment variable can be used to select your own diff command. Users can use external commands with params too, example: KUBECTL_EXTERNAL_DIFF="colordiff -N -u"

By default, the "diff" command available in your path will be run with the "-u" (unified diff) and "-N" (treat absent files as empty) options.

Exit status: 0 No differences were found. 1 Differences were found. >1 k1s or diff failed with an error.

Note: KUBECTL_EXTERNAL_DIFF, if used, is expected to follow that convention.`,
  examples: `# Diff resources included in item.yaml
k1s diff -f item.yaml

# Diff file read from stdin
cat item.yaml | k1s diff -f -`,
  failureExitCode: 2,

  flags(set) {
    addFilenameFlags(set, 'Filename or directory of files that contains the configuration to diff')
    addLabelSelectorFlag(set)
    // Two defaults, as those of apply.
    addFieldManagerFlag(set, undefined)
    set
      .option('--server-side', 'If true, apply runs in the server instead of the client.')
      .option('--force-conflicts', 'If true, server-side apply will force the changes against conflicts.')
      .option('--show-managed-fields', 'If true, include managed fields in the diff.')
      .option('--show-secrets', 'If true, do not mask secret values in the diff.')
  },

  // Texts and order are those of DiffOptions of k8s.io/kubectl/pkg/cmd/diff.
  async run({ flags, args, factory, commandPath }) {
    if (args.length > 0) throw new UsageError(`Unexpected args: [${args.join(' ')}]`, commandPath)
    requireFilename(flags)
    if (flags.forceConflicts && !flags.serverSide) {
      throw new Error('--force-conflicts only works with --server-side')
    }
    const { namespace, enforced } = await factory.namespace()
    const result = factory
      .newBuilder()
      .namespaceParam(namespace)
      .defaultNamespace()
      .filenameParam(enforced, flags)
      .labelSelectorParam(flags.selector)
      .flatten()
      .do()
    using versions = new ComparedVersions()
    await result.visit((info) => compare(info, flags, factory, versions))
    versions.runProgram(factory.streams)
  },
}

/** Writes both versions of an object, what is there and what an apply would make of it. */
async function compare(
  info: Info,
  flags: DiffFlags,
  factory: Factory,
  versions: ComparedVersions,
): Promise<void> {
  const local = asObject(info)
  for (let attempt = 1; ; attempt++) {
    const live = await getLive(info)
    if (attempt === maxAttempts) {
      factory.warn(`Object (${info.objectName()}) keeps changing, diffing without lock`)
    }
    try {
      const locked = attempt < maxAttempts
      const merged = await mergedObject({ info, local, live, flags, factory, locked })
      const from = live && withManagedFields(live, flags)
      const to = withManagedFields(merged, flags)
      versions.write(info, ...(flags.showSecrets ? ([from, to] as const) : maskSecrets(from, to)))
    } catch (error) {
      if (isConflict(error) && !flags.serverSide && attempt < maxAttempts) continue
      throw error
    }
    if (live !== undefined) warnIfDeleting(info, factory.warn)
    return
  }
}

async function getLive(info: Info): Promise<Unstructured | undefined> {
  try {
    await info.get()
    return asObject(info)
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}

function withManagedFields(object: Unstructured, { showManagedFields }: DiffFlags): Unstructured {
  return showManagedFields ? object : (omitManagedFields(object) as Unstructured)
}
