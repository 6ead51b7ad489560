import { arch, platform } from 'node:os'
import { scriptName } from '../script-name.ts'

/** As of the package. */
const version = 'v0.1.0'

/** `DefaultKubernetesUserAgent` of client-go: `importer/v0.1.0 (linux/amd64) node/v22.1.0`, of which Go writes the names. */
export function defaultUserAgent(): string {
  const architecture = arch()
  const goArchitecture = goArchitectures[architecture] ?? architecture
  const system = platform() === 'win32' ? 'windows' : platform()
  const command = scriptName().replace(/[^\x21-\x7e]|\//g, '_')
  return `${command}/${version} (${system}/${goArchitecture}) node/${process.version}`
}

const goArchitectures: { readonly [architecture: string]: string } = { x64: 'amd64', ia32: '386' }
