import { UsageError, writeConfigFile } from '@k1s/cli-runtime'
import type { Command } from '../command.ts'
import { startingConfig } from './config-access.ts'

export const deleteContext: Command = {
  usage: 'config delete-context NAME',
  description:
    'Delete the specified context from the configuration file. The data of the context is not touched.',
  examples: `# Delete the context of the shop
k1s config delete-context shop`,
  async run({ args, factory, commandPath }) {
    if (args.length !== 1)
      throw new UsageError(`exactly one NAME is required, got ${args.length}`, commandPath)
    const [name] = args
    const { file, config } = await startingConfig(factory)
    if (!config.contexts.some((context) => context.name === name)) {
      throw new Error(`cannot delete context ${name}, not in ${file}`)
    }
    if (config['current-context'] === name) {
      factory.streams.err.write(
        'warning: this removed your active context, use "k1s config use-context" to select a different one\n',
      )
    }
    writeConfigFile(file, { ...config, contexts: config.contexts.filter((context) => context.name !== name) })
    factory.streams.out.write(`deleted context ${name} from ${file}\n`)
  },
}
