import { packageVersion } from './package-version.ts'

/** What servers hear of this program, in the form of kubectl: `k1s/v0.1.0 (linux/x64)`. */
export function userAgent(): string {
  return `k1s/v${packageVersion()} (${process.platform}/${process.arch})`
}
