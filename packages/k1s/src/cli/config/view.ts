import { type Config, type Printable, UsageError } from '@k1s/cli-runtime'
import type { Command } from '../command.ts'
import { startingConfig } from './config-access.ts'

const formats = ['json', 'jsonpath', 'jsonpath-as-json', 'jsonpath-file', 'yaml']

interface ViewFlags {
  context?: string
  minify?: boolean
  output: string
}

export const view: Command<ViewFlags> = {
  usage: 'config view [flags]',
  description: 'Display the configuration file.',
  examples: `# Show the configuration
k1s config view

# Show what belongs to the current context
k1s config view --minify -o json

# Show the namespace of the current context
k1s config view --minify -o jsonpath='{..namespace}'`,
  flags(set) {
    set
      .option('--minify', 'Remove all information not used by current-context from the output')
      .option('-o, --output <format>', `Output format. One of: (${formats.join(', ')}).`, undefined, 'yaml')
  },
  async run({ flags, args, factory, commandPath }) {
    if (args.length > 0) throw new UsageError(`unexpected arguments: [${args.join(' ')}]`, commandPath)
    const { config } = await startingConfig(factory)
    const shown = flags.minify ? minify(config, flags.context ?? config['current-context']) : config
    if (!formats.includes(flags.output.replace(/=.*/s, ''))) {
      throw new Error(
        `unable to match a printer suitable for the output format "${flags.output}", allowed formats are: ${formats.join(',')}`,
      )
    }
    const printer = await factory.printer({ output: flags.output })
    // Printers of formats look at the fields that are there; a configuration has none of metadata.
    printer.print(shown as unknown as Printable, factory.streams.out)
  },
}

/** With the texts of MinifyConfig of `k8s.io/client-go/tools/clientcmd/api`. */
function minify(config: Config, name: string | undefined): Config {
  if (name === undefined) throw new Error('current-context must exist in order to minify')
  const contexts = config.contexts.filter((context) => context.name === name)
  if (contexts.length === 0) throw new Error(`cannot locate context ${name}`)
  return { ...config, 'current-context': name, contexts }
}
