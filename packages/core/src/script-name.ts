import { parse } from 'node:path'

/** The file name of the script that runs, which names a program as client-go does by its executable. */
export function scriptName(): string {
  const [, script = ''] = process.argv
  return parse(script).name || 'node'
}
