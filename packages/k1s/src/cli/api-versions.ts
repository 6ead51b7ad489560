import { UsageError } from '@k1s/cli-runtime'
import type { Command } from './command.ts'

export const apiVersions: Command = {
  usage: 'api-versions',
  description: 'Print the supported API versions, in the form of "group/version".',
  examples: `# Print the supported API versions
k1s api-versions`,
  async run({ args, factory, commandPath }) {
    if (args.length > 0) throw new UsageError(`unexpected arguments: [${args.join(' ')}]`, commandPath)
    const { resources } = await factory.restMapper()
    const versions = resources.flatMap(({ group, versions }) =>
      versions.map((version) => (group === '' ? version : `${group}/${version}`)),
    )
    for (const version of [...new Set(versions)].sort()) factory.streams.out.write(`${version}\n`)
  },
}
