import { readFile } from 'node:fs/promises'
import type { Credential, Credentials } from './credentials.ts'

/** How long a token counts before the file is read again: a minute less the leeway of client-go. */
const periodMs = 50_000

/**
 * The token of a file, which is read again once a minute and when it is refused; what was read before counts while it
 * cannot be read:
 * `NewCachedFileTokenSource` of `k8s.io/client-go/transport`. An Error if it cannot be read at first. `beside` goes with it.
 */
export async function tokenFile(
  path: string,
  beside: Credential = {},
  now: () => number = Date.now,
): Promise<Credentials> {
  let token = await readToken(path)
  let readAt = now()
  let reading: Promise<void> | undefined
  const refresh = async () => {
    token = await readToken(path).catch(() => token)
    readAt = now()
    reading = undefined
  }
  return {
    async current() {
      if (now() - readAt >= periodMs) {
        reading ??= refresh()
        await reading
      }
      return { ...beside, authorization: authorizationOf(token) }
    },
    async refused({ authorization }) {
      reading ??= refresh()
      await reading
      return authorization !== authorizationOf(token)
    },
  }
}

function authorizationOf(token: string): string {
  return `Bearer ${token}`
}

async function readToken(path: string): Promise<string> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const problem = code === 'ENOENT' ? `open ${path}: no such file or directory` : message
    throw new Error(`failed to read token file ${JSON.stringify(path)}: ${problem}`, { cause: error })
  }
  const token = text.trim()
  if (token === '') throw new Error(`read empty token from file ${JSON.stringify(path)}`)
  return token
}
