import { lastAppliedConfigAnnotation } from '@k1s/apimachinery'
import {
  addFilenameFlags,
  addLabelSelectorFlag,
  type FilenameOptions,
  type SelectorFlags,
  UsageError,
} from '@k1s/cli-runtime'
import type { Command } from '../command.ts'
import { asObject } from '../objects.ts'

interface ViewLastAppliedFlags extends FilenameOptions, SelectorFlags {
  all?: boolean
  output: string
}

export const viewLastApplied: Command<ViewLastAppliedFlags> = {
  usage: 'apply view-last-applied (TYPE [NAME | -l label] | TYPE/NAME | -f FILENAME)',
  description: `View the latest last-applied-configuration annotations by type/name or file.

The default output will be printed to stdout in YAML format. You can use the -o option to change the output format.`,
  examples: `# View the last-applied-configuration annotations by type/name in YAML
k1s apply view-last-applied item/laptop

# View the last-applied-configuration annotations by file in JSON
k1s apply view-last-applied -f item.yaml -o json`,

  flags(set) {
    addFilenameFlags(
      set,
      'Filename or directory of files that contains the last-applied-configuration annotations',
    )
    addLabelSelectorFlag(set)
    set
      .option('--all', 'Select all resources in the namespace of the specified resource types')
      .option('-o, --output <format>', 'Output format. Must be one of (yaml, json)', undefined, 'yaml')
  },

  // Texts and order are those of ViewLastAppliedOptions of k8s.io/kubectl/pkg/cmd/apply.
  async run({ flags, args, factory, commandPath }) {
    const { namespace, enforced } = await factory.namespace()
    const result = factory
      .newBuilder()
      .namespaceParam(namespace)
      .defaultNamespace()
      .filenameParam(enforced, flags)
      .resourceTypeOrNameArgs(enforced, args)
      .selectAllParam(flags.all)
      .labelSelectorParam(flags.selector)
      .latest()
      .flatten()
      .do()
    const configurations: string[] = []
    await result.visit(async (info) => {
      const text = asObject(info).metadata.annotations?.[lastAppliedConfigAnnotation]
      if (!text) throw new Error(`no last-applied-configuration annotation found on resource: ${info.name}`)
      configurations.push(text)
    })
    if (flags.output !== 'json' && flags.output !== 'yaml') {
      throw new UsageError(
        `Unexpected -o output mode: ${flags.output}, the flag 'output' must be one of yaml|json`,
        commandPath,
      )
    }
    for (const text of configurations) factory.streams.out.write(await format(text, flags.output))
  },
}

async function format(text: string, output: 'json' | 'yaml'): Promise<string> {
  const value: unknown = JSON.parse(text)
  if (output === 'json') return `${JSON.stringify(value, undefined, 2)}\n`
  const { encodeYaml } = await import('@k1s/apimachinery/yaml')
  return encodeYaml(value)
}
