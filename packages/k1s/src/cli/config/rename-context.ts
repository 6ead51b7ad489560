import { quote } from '@k1s/apimachinery'
import { UsageError, writeConfigFile } from '@k1s/cli-runtime'
import type { Command } from '../command.ts'
import { startingConfig } from './config-access.ts'

export const renameContext: Command = {
  usage: 'config rename-context CONTEXT_NAME NEW_NAME',
  description: `Renames a context in the configuration file.

CONTEXT_NAME is the context name that you want to change.

NEW_NAME is the new name you want to set.

Note: If the context being renamed is the 'current-context', this field will also be updated.`,
  examples: `# Rename the context 'old-name' to 'new-name' in your configuration file
k1s config rename-context old-name new-name`,
  // Texts are those of RenameContextOptions of k8s.io/kubectl/pkg/cmd/config.
  async run({ args, factory, commandPath }) {
    if (args.length !== 2) throw new UsageError(`Unexpected args: [${args.join(' ')}]`, commandPath)
    const [name, newName] = args as [string, string]
    if (newName === '') throw new Error('You must specify a new non-empty context name')
    const { file, config } = await startingConfig(factory)
    if (!config.contexts.some((context) => context.name === name)) {
      throw new Error(`cannot rename the context ${quote(name)}, it's not in ${file}`)
    }
    if (config.contexts.some((context) => context.name === newName)) {
      throw new Error(
        `cannot rename the context ${quote(name)}, the context ${quote(newName)} already exists in ${file}`,
      )
    }
    writeConfigFile(file, {
      ...config,
      ...(config['current-context'] === name && { 'current-context': newName }),
      contexts: config.contexts.map((context) =>
        context.name === name ? { ...context, name: newName } : context,
      ),
    })
    factory.streams.out.write(`Context ${quote(name)} renamed to ${quote(newName)}.\n`)
  },
}
