import { createMergePatch, type KubernetesObject, quote, type Unstructured } from '@k1s/apimachinery'
import {
  addAllNamespacesFlag,
  addFieldSelectorFlag,
  addFilenameFlags,
  addLabelSelectorFlag,
  addPrintFlags,
  type Factory,
  type FilenameOptions,
  type Info,
  type PrintFlags,
  type SelectorFlags,
} from '@k1s/cli-runtime'
import { addRunControllersFlag } from './after-write/run-controllers-flag.ts'
import { addDryRunFlag, type DryRunFlags, type DryRunStrategy } from './dry-run.ts'
import { addFieldManagerFlag } from './field-manager.ts'
import type { FlagSet } from './flag-set.ts'
import { asObject } from './objects.ts'
import { type Report, visitTogether } from './visit-together.ts'

/** What `label` and `annotate` have in common: changes to one map of the metadata of many objects. */
export interface MetadataFlags extends PrintFlags, FilenameOptions, SelectorFlags, DryRunFlags {
  overwrite?: boolean
  list?: boolean
  local?: boolean
  all?: boolean
  resourceVersion?: string
  fieldManager: string
}

export interface MetadataChange {
  readonly field: 'labels' | 'annotations'
  readonly set: ReadonlyMap<string, string>
  readonly remove: readonly string[]
}

/** `noun` is `label` or `annotation`, `command` is `label` or `annotate`. */
export function addMetadataFlags(set: FlagSet, noun: string, command: string): void {
  addPrintFlags(set)
  addFilenameFlags(set, `Filename or directory of files identifying the resource to update the ${noun}s`)
  addLabelSelectorFlag(set)
  addFieldSelectorFlag(set)
  addAllNamespacesFlag(set)
  addDryRunFlag(set)
  addRunControllersFlag(set)
  addFieldManagerFlag(set, `kubectl-${command}`)
  set
    .option(
      '--overwrite',
      `If true, allow ${noun}s to be overwritten, otherwise reject ${noun} updates that overwrite existing ${noun}s.`,
    )
    .option('--list', `If true, display the ${noun}s for a given resource.`)
    .option('--local', `If true, ${command} will NOT contact api-server but run locally.`)
    .option('--all', 'Select all resources, in the namespace of the specified resource types')
    .option(
      '--resource-version <version>',
      `If non-empty, the ${noun}s update will only succeed if this is the current resource-version for the object. Only valid when specifying a single resource.`,
    )
}

/** With the texts of LabelOptions.Validate and AnnotateFlags.ToOptions of kubectl. */
export function validateMetadataFlags(
  flags: MetadataFlags,
  resources: readonly string[],
  change: MetadataChange,
  noun: string,
  dryRun: DryRunStrategy,
): void {
  if (flags.list && flags.output) throw new Error('--list and --output may not be specified together')
  if (flags.all && flags.selector) throw new Error('cannot set --all and --selector at the same time')
  if (flags.all && flags.fieldSelector) {
    throw new Error('cannot set --all and --field-selector at the same time')
  }
  const files = flags.filename !== undefined || flags.kustomize !== undefined
  if (flags.local) {
    if (dryRun === 'server') {
      throw new Error('cannot specify --local and --dry-run=server - did you mean --dry-run=client?')
    }
    if (resources.length > 0) {
      throw new Error(
        'can only use local files by -f item.yaml or --filename=item.json when --local=true is set',
      )
    }
    if (!files) throw new Error('one or more files must be specified as -f item.yaml or --filename=item.json')
  } else if (resources.length === 0 && !files) {
    throw new Error('one or more resources must be specified as <resource> <name> or <resource>/<name>')
  }
  if (change.set.size === 0 && change.remove.length === 0 && !flags.list) {
    throw new Error(`at least one ${noun} update is required`)
  }
}

/** Calls `visit` with each object that the command line names, some at a time; what it returns prints, in order. */
export async function visitForMetadata(
  flags: MetadataFlags,
  resources: readonly string[],
  factory: Factory,
  visit: (info: Info, single: boolean) => Promise<Report>,
): Promise<void> {
  const { namespace, enforced } = await factory.namespace()
  const builder = factory
    .newBuilder()
    .continueOnError()
    .local(flags.local === true)
    .namespaceParam(namespace)
    .defaultNamespace()
    .filenameParam(enforced, flags)
    .flatten()
  if (!flags.local) {
    builder
      .labelSelectorParam(flags.selector)
      .fieldSelectorParam(flags.fieldSelector)
      .allNamespaces(flags.allNamespaces)
      .resourceTypeOrNameArgs(flags.all === true, resources)
      .latest()
  }
  const result = builder.do()
  const { infos, error } = await result.infosAndError()
  const single = result.singleItemImplied
  if (!single && flags.resourceVersion) {
    throw new Error('--resource-version may only be used with a single resource')
  }
  const errors: unknown[] = error === undefined ? [] : [error]
  errors.push(...(await visitTogether(infos, (info) => visit(info, single))))
  if (errors.length > 0) throw errors.length === 1 ? errors[0] : new AggregateError(errors)
}

/** A changed copy, and which keys are new or other, and gone. */
export function changeMetadata(
  object: Unstructured,
  { field, set, remove }: MetadataChange,
): { object: Unstructured; added: string[]; removed: string[] } {
  const before = object.metadata[field] ?? {}
  const added = [...set.keys()].filter((key) => before[key] !== set.get(key))
  const removed = remove.filter((key) => Object.hasOwn(before, key))
  const entries = [...Object.entries(before), ...set].filter(([key]) => !remove.includes(key))
  const metadata = { ...object.metadata, [field]: Object.fromEntries(entries) }
  return { object: { ...object, metadata }, added, removed }
}

/** Sends what differs. With `--resource-version` only that version is changed. */
export async function patchMetadata(
  info: Info,
  changed: Unstructured,
  flags: MetadataFlags,
  factory: Factory,
  dryRun: DryRunStrategy,
): Promise<Unstructured> {
  const original = asObject(info)
  const body = createMergePatch(original, changed) as { metadata?: object }
  if (flags.resourceVersion) {
    body.metadata = { ...body.metadata, resourceVersion: flags.resourceVersion }
  }
  const client = await factory.client()
  return client.patch(
    original,
    { type: 'application/merge-patch+json', body },
    { dryRun: dryRun === 'server', fieldManager: flags.fieldManager, onWarning: factory.warn },
  )
}

/** `--list`: one line for each entry, with a heading if there may be several objects. */
export function listMetadata(
  object: KubernetesObject,
  field: MetadataChange['field'],
  single: boolean,
  factory: Factory,
): void {
  const { out } = factory.streams
  const slash = object.apiVersion.indexOf('/')
  const group = slash < 0 ? '' : object.apiVersion.slice(0, slash)
  if (!single) out.write(`Listing ${field} for ${object.kind}.${group}/${object.metadata.name}:\n`)
  const entries = Object.entries(object.metadata[field] ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
  for (const [key, value] of entries) out.write(`${single ? '' : ' '}${key}=${value}\n`)
}

/** `label "x" not found.`, as kubectl says of what cannot be removed. */
export function notFoundLine(noun: string, key: string): string {
  return `${noun} ${quote(key)} not found.\n`
}
