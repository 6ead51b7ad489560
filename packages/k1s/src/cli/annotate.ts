import type { Command } from './command.ts'
import { dryRunOperation, dryRunStrategy } from './dry-run.ts'
import {
  addMetadataFlags,
  changeMetadata,
  listMetadata,
  type MetadataChange,
  type MetadataFlags,
  patchMetadata,
  validateMetadataFlags,
  visitForMetadata,
} from './metadata-changes.ts'
import { asObject } from './objects.ts'
import { resourcesAndPairs } from './resources-and-pairs.ts'

export const annotate: Command<MetadataFlags> = {
  usage:
    'annotate [--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]',
  description: `Update the annotations on one or more resources.

All objects support the ability to store additional data with the object as annotations. Annotations are key/value pairs that can be larger than labels and include arbitrary string values such as structured JSON. Tools and system extensions may use annotations to store their own data.

Attempting to set an annotation that already exists will fail unless --overwrite is set. If --resource-version is specified and does not match the current resource version on the server the command will fail.

Use "k1s api-resources" for a complete list of supported resources.`,
  examples: `# Update item 'laptop' with the annotation 'description' and the value 'my old one'
# If the same annotation is set multiple times, only the last value will be applied
k1s annotate items laptop description='my old one'

# Update an item identified by type and name in "item.yaml"
k1s annotate -f item.yaml description='my old one'

# Update item 'laptop', overwriting any existing value
k1s annotate --overwrite items laptop description='my new one'

# Update all items in the namespace
k1s annotate items --all description='in stock'

# Update item 'laptop' only if the resource is unchanged from version 7
k1s annotate items laptop description='my old one' --resource-version=7

# Update item 'laptop' by removing an annotation named 'description' if it exists
# Does not require the --overwrite flag
k1s annotate items laptop description-`,

  flags: (set) => addMetadataFlags(set, 'annotation', 'annotate'),

  // Texts and order are those of AnnotateFlags and AnnotateOptions of k8s.io/kubectl/pkg/cmd/annotate.
  async run({ flags, args, factory }) {
    const dryRun = dryRunStrategy(flags, factory.streams.err)
    const { resources, pairs } = resourcesAndPairs(args, 'annotation')
    const change = parseAnnotations(pairs)
    validateMetadataFlags(flags, resources, change, 'annotation', dryRun)
    const both = change.remove.filter((key) => change.set.has(key))
    if (both.length > 0) {
      throw new Error(
        `can not both modify and remove the following annotation(s) in the same command: ${both.join(', ')}`,
      )
    }
    const sends = dryRun !== 'client' && !flags.local && !flags.list
    const printer = await factory.printer({ ...flags, operation: dryRunOperation('annotated', dryRun) })

    await visitForMetadata(flags, resources, factory, async (info, single) => {
      const before = asObject(info)
      if (!flags.overwrite) refuseOverwrites(before.metadata.annotations ?? {}, change.set)
      const { object } = changeMetadata(before, change)
      if (flags.list) return () => listMetadata(object, 'annotations', single, factory)
      const result = sends ? await patchMetadata(info, object, flags, factory, dryRun) : object
      return () => printer.print(result, factory.streams.out)
    })
  },
}

/** As ParsePairs of `k8s.io/kubectl/pkg/cmd/util`; resourcesAndPairs let nothing else through. */
function parseAnnotations(pairs: readonly string[]): MetadataChange {
  const set = new Map<string, string>()
  const remove: string[] = []
  for (const pair of pairs) {
    const equals = pair.indexOf('=')
    if (equals > 0) set.set(pair.slice(0, equals), pair.slice(equals + 1))
    else remove.push(pair.slice(0, -1))
  }
  return { field: 'annotations', set, remove }
}

function refuseOverwrites(annotations: { [key: string]: string }, set: ReadonlyMap<string, string>): void {
  const found = [...set]
    .filter(
      ([key, value]) =>
        key !== 'kubernetes.io/change-cause' && Object.hasOwn(annotations, key) && annotations[key] !== value,
    )
    .map(([key]) => `'${key}' already has a value (${annotations[key]})`)
  if (found.length > 0) {
    throw new Error(
      `--overwrite is false but found the following declared annotation(s): ${found.join('; ')}`,
    )
  }
}
