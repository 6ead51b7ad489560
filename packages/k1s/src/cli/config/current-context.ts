import type { Command } from '../command.ts'
import { startingConfig } from './config-access.ts'

export const currentContext: Command = {
  usage: 'config current-context',
  description: 'Display the current-context.',
  examples: `# Display the current-context
k1s config current-context`,
  async run({ factory }) {
    const { config } = await startingConfig(factory)
    const name = config['current-context']
    if (name === undefined) throw new Error('current-context is not set')
    factory.streams.out.write(`${name}\n`)
  },
}
