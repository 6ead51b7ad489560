import { isValidLabelValue, labelMaxLength, quote } from '@k1s/apimachinery'
import type { Command } from './command.ts'
import { dryRunOperation, dryRunStrategy } from './dry-run.ts'
import {
  addMetadataFlags,
  changeMetadata,
  listMetadata,
  type MetadataChange,
  type MetadataFlags,
  notFoundLine,
  patchMetadata,
  validateMetadataFlags,
  visitForMetadata,
} from './metadata-changes.ts'
import { asObject } from './objects.ts'
import { resourcesAndPairs } from './resources-and-pairs.ts'

export const label: Command<MetadataFlags> = {
  usage:
    'label [--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]',
  description: `Update the labels on a resource.

  *  A label key and value must begin with a letter or number, and may contain letters, numbers, hyphens, dots, and underscores, up to ${labelMaxLength} characters each.
  *  Optionally, the key can begin with a DNS subdomain prefix and a single '/', like example.com/my-app.
  *  If --overwrite is true, then existing labels can be overwritten, otherwise attempting to overwrite a label will result in an error.
  *  If --resource-version is specified, then updates will use this resource version, otherwise the existing resource-version will be used.`,
  examples: `# Update item 'laptop' with the label 'owner' and the value 'ann'
k1s label items laptop owner=ann

# Update item 'laptop' with the label 'owner', overwriting any existing value
k1s label --overwrite items laptop owner=bob

# Update all items in the namespace
k1s label items --all checked=yes

# Update an item identified by the type and name in "item.yaml"
k1s label -f item.yaml owner=ann

# Update item 'laptop' only if the resource is unchanged from version 7
k1s label items laptop owner=ann --resource-version=7

# Update item 'laptop' by removing a label named 'owner' if it exists
# Does not require the --overwrite flag
k1s label items laptop owner-`,

  flags: (set) => addMetadataFlags(set, 'label', 'label'),

  // Texts and order are those of LabelOptions of k8s.io/kubectl/pkg/cmd/label.
  async run({ flags, args, factory }) {
    const dryRun = dryRunStrategy(flags, factory.streams.err)
    const { resources, pairs } = resourcesAndPairs(args, 'label')
    const change = parseLabels(pairs)
    validateMetadataFlags(flags, resources, change, 'label', dryRun)
    const sends = dryRun !== 'client' && !flags.local && !flags.list

    await visitForMetadata(flags, resources, factory, async (info, single) => {
      const before = asObject(info)
      if (!flags.overwrite) refuseOverwrites(before.metadata.labels ?? {}, change.set)
      const { object, added, removed } = changeMetadata(before, change)
      if (flags.list) return () => listMetadata(object, 'labels', single, factory)
      const missing = sends ? change.remove.filter((key) => !removed.includes(key)) : []
      const changed = added.length > 0 || removed.length > 0
      const result = sends && changed ? await patchMetadata(info, object, flags, factory, dryRun) : object
      const operation = dryRunOperation(describeChange(added, removed), dryRun)
      const printer = await factory.printer({ ...flags, operation })
      return () => {
        for (const key of missing) factory.streams.out.write(notFoundLine('label', key))
        printer.print(result, factory.streams.out)
      }
    })
  },
}

function describeChange(added: readonly string[], removed: readonly string[]): string {
  if (added.length > 0 && removed.length > 0) return 'modified'
  if (added.length > 0) return 'labeled'
  return removed.length > 0 ? 'unlabeled' : 'not labeled'
}

function parseLabels(pairs: readonly string[]): MetadataChange {
  const set = new Map<string, string>()
  const remove: string[] = []
  for (const pair of pairs) {
    const [key, value, ...more] = pair.split('=')
    if (value !== undefined) {
      if (more.length > 0) throw new Error(`invalid label spec: ${pair}`)
      const problems = isValidLabelValue(value)
      if (problems.length > 0) {
        throw new Error(`invalid label value: ${quote(pair)}: ${problems.join(';')}`)
      }
      set.set(key!, value)
    } else if (pair.endsWith('-')) {
      remove.push(pair.slice(0, -1))
    } else {
      throw new Error(`unknown label spec: ${pair}`)
    }
  }
  if (remove.some((key) => set.has(key))) {
    throw new Error('can not both modify and remove a label in the same command')
  }
  return { field: 'labels', set, remove }
}

function refuseOverwrites(labels: { [key: string]: string }, set: ReadonlyMap<string, string>): void {
  const errors = [...set]
    .filter(([key, value]) => Object.hasOwn(labels, key) && labels[key] !== value)
    .map(([key]) => new Error(`'${key}' already has a value (${labels[key]}), and --overwrite is false`))
  if (errors.length > 0) throw errors.length === 1 ? errors[0] : new AggregateError(errors)
}
