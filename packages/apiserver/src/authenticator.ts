import type { IncomingMessage } from 'node:http'
import type { UserInfo } from '@k1s/core'

/**
 * Says who sends a request: `authenticator.Request` of `k8s.io/apiserver`. Undefined if it does not know, which is
 * answered with 401 Unauthorized.
 */
export type Authenticator = (request: IncomingMessage) => UserInfo | undefined | Promise<UserInfo | undefined>
