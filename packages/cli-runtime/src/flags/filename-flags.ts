import type { FlagDeclarer } from './flag-declarer.ts'

/** What `-f`, `-R` and `-k` say: `resource.FilenameOptions`. */
export interface FilenameOptions {
  filename?: string[]
  recursive?: boolean
  kustomize?: string
}

/** Adds `-f/--filename` (repeatable, comma lists), `-R/--recursive` and `-k/--kustomize`. */
export function addFilenameFlags(command: FlagDeclarer, usage: string): FlagDeclarer {
  return command
    .option('-f, --filename <path>', usage, appendCommaList)
    .option(
      '-R, --recursive',
      'Process the directory used in -f, --filename recursively. Useful when you want to manage related manifests organized within the same directory.',
    )
    .option(
      '-k, --kustomize <dir>',
      'Process a kustomization directory. k1s refuses it and says what to use.',
    )
}

/** Collects the values of a flag that may be repeated and may hold comma lists, as cobra's StringSlice. */
export function appendCommaList(value: string, previous: string[] | undefined): string[] {
  return [...(previous ?? []), ...value.split(',')]
}
