export type * from './api-server.ts'
export type * from './authenticator.ts'
export { defaultLimits, type Limits } from './limits.ts'
