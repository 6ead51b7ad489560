import type { Info } from '@k1s/cli-runtime'
import { asObject } from '../objects.ts'

export function warnIfDeleting(info: Info, warn: (text: string) => void): void {
  if (asObject(info).metadata.deletionTimestamp === undefined) return
  warn(`Detected changes to resource ${info.name} which is currently being deleted.`)
}
