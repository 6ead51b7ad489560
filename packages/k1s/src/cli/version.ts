import type { Command } from './command.ts'
import { packageVersion } from './package-version.ts'

interface VersionFlags {
  client?: boolean
  output?: string
}

export const version: Command<VersionFlags> = {
  usage: 'version [flags]',
  description:
    'Print the version of k1s. There is no server of its own version: client and API are one program.',
  examples: `# Print the version
k1s version

# Print the version in JSON
k1s version -o json`,
  flags(set) {
    set
      .option('--client', 'Accepted for compatibility: there is no server version to leave out.')
      .option('-o, --output <format>', "One of 'yaml' or 'json'.")
  },
  // Texts are those of Options of k8s.io/kubectl/pkg/cmd/version.
  async run({ flags, args, factory }) {
    if (args.length > 0) throw new Error(`extra arguments: [${args.join(' ')}]`)
    const { output = '' } = flags
    if (!['', 'yaml', 'json'].includes(output)) throw new Error("--output must be 'yaml' or 'json'")
    const { out } = factory.streams
    const version = packageVersion()
    const [major, minor] = version.split('.')
    const clientVersion = {
      gitVersion: `v${version}`,
      major: major!,
      minor: minor!,
      nodeVersion: process.version,
      platform: `${process.platform}/${process.arch}`,
    }
    if (output === 'json') {
      out.write(`${JSON.stringify({ clientVersion }, undefined, 2)}\n`)
    } else if (output === 'yaml') {
      const { encodeYaml } = await import('@k1s/apimachinery/yaml')
      out.write(encodeYaml({ clientVersion }))
    } else {
      out.write(`Client Version: ${clientVersion.gitVersion}\n`)
    }
  },
}
