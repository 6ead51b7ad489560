import type { FlagSet } from '../flag-set.ts'

export interface ProjectFlags {
  projectConfig?: string
}

export function addProjectFlag(set: FlagSet): void {
  set.option(
    '--project-config <file>',
    'The file that declares the controllers (default $K1S_PROJECT_CONFIG, else k1s.config.ts, .mts, .js, .mjs or .cjs in the working directory or the nearest one above it).',
  )
}
