import type { Command } from './command.ts'

export const options: Command = {
  usage: 'options',
  description: 'Print the list of flags inherited by all commands.',
  examples: `# Print flags inherited by all commands
k1s options`,
  async run({ factory }) {
    const { formatGlobalFlags } = await import('./help.ts')
    const { out } = factory.streams
    out.write(`The following options can be passed to any command:\n\n${formatGlobalFlags(out.width)}`)
  },
}
