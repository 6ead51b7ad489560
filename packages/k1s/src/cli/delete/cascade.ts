import type { DeletionPropagation } from '@k1s/apimachinery'
import type { OutputStream } from '@k1s/cli-runtime'
import { parseBoolean } from '../flag-set.ts'

export const cascadeHelp =
  'Must be "background", "orphan", or "foreground". Selects the deletion cascading strategy for the dependents. Defaults to background.'

/** With the texts of parseCascadingFlag of `k8s.io/kubectl/pkg/cmd/delete`. */
export function parseCascade(text: string, err: OutputStream): DeletionPropagation {
  switch (text) {
    case 'background':
      return 'Background'
    case 'foreground':
      return 'Foreground'
    case 'orphan':
      return 'Orphan'
  }
  let cascade: boolean
  try {
    cascade = parseBoolean(text)
  } catch {
    throw new Error(`invalid cascade value (${text}). Must be "background", "foreground", or "orphan"`)
  }
  err.write(
    `warning: --cascade=${text} is deprecated (boolean value) and can be replaced with --cascade=${cascade ? 'background' : 'orphan'}.\n`,
  )
  return cascade ? 'Background' : 'Orphan'
}
