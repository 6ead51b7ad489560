import type { HttpHandler } from '../exchange.ts'
import { writeBytes } from '../responses/write-bytes.ts'
import { requireReading } from './method.ts'

/** `version.Info` of `k8s.io/apimachinery/pkg/version`. */
export interface VersionInfo {
  readonly major: string
  readonly minor: string
  readonly emulationMajor: string
  readonly emulationMinor: string
  readonly minCompatibilityMajor: string
  readonly minCompatibilityMinor: string
  /** The version of Kubernetes with that of k1s behind it: `v1.37.0+k1s.0.1.0`. */
  readonly gitVersion: string
  readonly gitCommit: string
  readonly gitTreeState: string
  readonly buildDate: string
  /** What runs the program: for Kubernetes Go, here Node. */
  readonly goVersion: string
  readonly compiler: string
  /** In Go's words: `linux/amd64`. */
  readonly platform: string
}

/** That of the package. */
const k1s = '0.1.0'

/** The version of Kubernetes whose behaviour k1s follows. */
const kubernetes = { major: '1', minor: '37', patch: '0' }

/** Go's names of what Node names otherwise. */
const goSystems: { readonly [platform: string]: string } = { win32: 'windows', sunos: 'solaris' }
const goArchitectures: { readonly [arch: string]: string } = { x64: 'amd64', ia32: '386', ppc64: 'ppc64le' }

export function versionInfo(): VersionInfo {
  const { major, minor, patch } = kubernetes
  const { platform, arch, version } = process
  return {
    major,
    minor,
    emulationMajor: major,
    emulationMinor: minor,
    minCompatibilityMajor: major,
    minCompatibilityMinor: String(Number(minor) - 1),
    gitVersion: `v${major}.${minor}.${patch}+k1s.${k1s}`,
    gitCommit: '',
    gitTreeState: '',
    // What Kubernetes says when it was built without a date.
    buildDate: '1970-01-01T00:00:00Z',
    goVersion: `node${version.slice(1)}`,
    compiler: 'v8',
    platform: `${goSystems[platform] ?? platform}/${goArchitectures[arch] ?? arch}`,
  }
}

/** Answers `/version`: `k8s.io/apiserver/pkg/server/routes/version.go`. */
export function versionEndpoint(): HttpHandler {
  const text = JSON.stringify(versionInfo(), undefined, 2)
  return async (exchange) => {
    requireReading(exchange)
    await writeBytes(exchange, 200, 'application/json', text)
  }
}
