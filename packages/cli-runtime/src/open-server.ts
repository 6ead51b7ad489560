import { parseDuration } from '@k1s/apimachinery'
import { type ConnectOptions, connect, type UserInfo } from '@k1s/core'
import type { ServerConfig } from './config/config.ts'
import type { RuntimeHandle } from './factory.ts'

/** Connects to the API server of a command. `user` is whom it impersonates, if `--as` says that it does. */
export function openServer(
  { as, requestTimeout, ...server }: ServerConfig,
  user: UserInfo,
  options: Pick<ConnectOptions, 'env' | 'userAgent' | 'wrapTransport'>,
): Promise<RuntimeHandle> {
  return connect({
    ...server,
    ...options,
    ...(as !== undefined && { impersonate: user }),
    ...(requestTimeout !== undefined && { requestTimeoutMs: parseTimeout(requestTimeout) }),
  })
}

/** Milliseconds, as ParseTimeout of `k8s.io/client-go/tools/clientcmd`; without a unit they are seconds. */
function parseTimeout(text: string): number {
  if (/^\+?\d+$/.test(text)) return Number(text) * 1000
  try {
    return parseDuration(text)
  } catch {
    throw new Error(
      'Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a corresponding time unit (e.g. 1s | 2m | 3h)',
    )
  }
}
