import { contextFields, TabWriter } from '@k1s/cli-runtime'
import type { Command } from '../command.ts'
import { startingConfig } from './config-access.ts'

const storeFields = contextFields.filter((field) => !field.startsWith('kube'))

interface GetContextsFlags {
  output?: string
  /** False with `--no-headers`. */
  headers?: boolean
}

export const getContexts: Command<GetContextsFlags> = {
  usage: 'config get-contexts [(-o|--output=)name)] [NAME ...]',
  description: 'Display one or many contexts from the configuration file.',
  examples: `# List all the contexts in your configuration file
k1s config get-contexts

# Describe one context in your configuration file
k1s config get-contexts shop`,
  flags(set) {
    set
      .option(
        '--no-headers',
        "When using the default output format, don't print headers (default print headers).",
      )
      .option('-o, --output <format>', 'Output format. One of: (name).')
  },
  // Texts are those of GetContextsOptions of k8s.io/kubectl/pkg/cmd/config.
  async run({ flags, args, factory }) {
    const { output = '' } = flags
    if (output !== '' && output !== 'name') {
      throw new Error(
        `--output ${output} is not available in k1s config get-contexts; resetting to default output format`,
      )
    }
    const { config } = await startingConfig(factory)
    const known = new Map(config.contexts.map(({ name, context }) => [name, context]))
    const names = args.length === 0 ? [...known.keys()] : args.filter((name) => known.has(name))

    // Those who have stores alone are spared the columns of servers.
    const fields = names.some((name) => known.get(name)!.kubeconfig) ? contextFields : storeFields
    const writer = new TabWriter(factory.streams.out)
    if (output === '' && flags.headers !== false) {
      writer.writeCells(['CURRENT', 'NAME', ...fields.map((field) => field.toUpperCase())])
    }
    for (const name of names.toSorted()) {
      const context = known.get(name)!
      const current = config['current-context'] === name ? '*' : ' '
      const cells = [current, name, ...fields.map((field) => context[field] ?? '')]
      writer.writeCells(output === 'name' ? [name] : cells)
    }
    writer.flush()

    const missing = args
      .filter((name) => !known.has(name))
      .map((name) => new Error(`context ${name} not found`))
    if (missing.length > 0) throw missing.length === 1 ? missing[0] : new AggregateError(missing)
  },
}
