import { quote } from '@k1s/apimachinery'
import { UsageError, writeConfigFile } from '@k1s/cli-runtime'
import type { Command } from '../command.ts'
import { startingConfig } from './config-access.ts'

export const useContext: Command = {
  usage: 'config use-context CONTEXT_NAME',
  description: 'Set the current-context in the configuration file.',
  examples: `# Use the context of the shop
k1s config use-context shop`,
  // Texts are those of useContextOptions of k8s.io/kubectl/pkg/cmd/config.
  async run({ args, factory, commandPath }) {
    if (args.length !== 1) throw new UsageError(`Unexpected args: [${args.join(' ')}]`, commandPath)
    const name = args[0]!
    if (name === '') throw new Error('empty context names are not allowed')
    const { file, config } = await startingConfig(factory)
    if (!config.contexts.some((context) => context.name === name)) {
      throw new Error(`no context exists with the name: ${quote(name)}`)
    }
    writeConfigFile(file, { ...config, 'current-context': name })
    factory.streams.out.write(`Switched to context ${quote(name)}.\n`)
  },
}
