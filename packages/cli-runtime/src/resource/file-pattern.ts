import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The paths that match a shell pattern (`*`, `?`, `[a-z]`), in order, as `filepath.Glob` of Go: names that start with
 * a dot match too, and no part matches a separator.
 */
export function expandPattern(pattern: string): string[] {
  const parts = pattern.split('/')
  let paths = [pattern.startsWith('/') ? '/' : '']
  for (const part of parts.filter((part) => part !== '')) {
    paths = paths.flatMap((path) => matchPart(path, part))
  }
  return paths.sort()
}

function matchPart(directory: string, part: string): string[] {
  if (!/[*?[\\]/.test(part)) {
    const path = directory === '' ? part : join(directory, part)
    return existsSync(path) ? [path] : []
  }
  const matcher = toRegExp(part)
  return namesIn(directory)
    .filter((name) => matcher.test(name))
    .map((name) => (directory === '' ? name : join(directory, name)))
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory === '' ? '.' : directory)
  } catch {
    // No directory, or not one that may be read: nothing in it matches.
    return []
  }
}

function toRegExp(part: string): RegExp {
  const source = part.replace(
    /\\(.)|(\*)|(\?)|\[(\^?)([^\]]+)\]|(.)/gsu,
    (_, escaped, star, any, not, set, other) => {
      if (star !== undefined) return '[^/]*'
      if (any !== undefined) return '[^/]'
      if (set !== undefined) return `[${not}${(set as string).replaceAll('\\', '\\\\')}]`
      return ((escaped ?? other) as string).replace(/[\^$\\.*+?()[\]{}|]/g, '\\$&')
    },
  )
  try {
    return new RegExp(`^${source}$`, 'u')
  } catch {
    throw new Error(`pattern ${JSON.stringify(part)} is not valid: syntax error in pattern`)
  }
}
