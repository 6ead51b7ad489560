import type { Factory } from '@k1s/cli-runtime'
import type { Command } from './command.ts'
import { packageVersion } from './package-version.ts'

interface VersionFlags {
  client?: boolean
  output?: string
}

/** `version.Info` of `k8s.io/apimachinery`, as far as it is printed by itself. */
interface ServerVersion {
  readonly gitVersion: string
}

export const version: Command<VersionFlags> = {
  usage: 'version [flags]',
  description:
    'Print the client version, and the server version if commands go to an API server. On a store of this machine client and API are one program, which has one version.',
  examples: `# Print the version
k1s version

# Print the version in JSON
k1s version -o json`,
  flags(set) {
    set
      .option('--client', 'If true, shows client version only (no server required).')
      .option('-o, --output <format>', "One of 'yaml' or 'json'.")
  },
  // Texts and order are those of Options of k8s.io/kubectl/pkg/cmd/version.
  async run({ flags, args, factory }) {
    if (args.length > 0) throw new Error(`extra arguments: [${args.join(' ')}]`)
    const { output = '' } = flags
    if (!['', 'yaml', 'json'].includes(output)) throw new Error("--output must be 'yaml' or 'json'")
    const { out } = factory.streams
    const asked = flags.client ? undefined : await serverVersion(factory)
    const answered = asked !== undefined && !(asked instanceof Error) ? asked : undefined
    const versions = {
      clientVersion: clientVersion(),
      ...(answered !== undefined && { serverVersion: answered }),
    }
    if (output === 'json') {
      out.write(`${JSON.stringify(versions, undefined, 2)}\n`)
    } else if (output === 'yaml') {
      const { encodeYaml } = await import('@k1s/apimachinery/yaml')
      out.write(encodeYaml(versions))
    } else {
      out.write(`Client Version: ${versions.clientVersion.gitVersion}\n`)
      if (answered !== undefined) out.write(`Server Version: ${answered.gitVersion}\n`)
    }
    if (asked instanceof Error) throw asked
  },
}

function clientVersion() {
  const version = packageVersion()
  const [major, minor] = version.split('.')
  return {
    gitVersion: `v${version}`,
    major: major!,
    minor: minor!,
    nodeVersion: process.version,
    platform: `${process.platform}/${process.arch}`,
  }
}

/** Undefined on a store. The error of a server that does not say it, which is thrown after the client's is printed. */
async function serverVersion(factory: Factory): Promise<ServerVersion | Error | undefined> {
  const { server, tenant } = await factory.config()
  if (server === undefined) return undefined
  try {
    const transport = await factory.transport()
    return (await transport.describe?.(tenant, '/version')) as ServerVersion | undefined
  } catch (error) {
    return error as Error
  }
}
