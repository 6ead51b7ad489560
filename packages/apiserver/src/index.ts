export type * from './api-server.ts'
export type * from './authenticator.ts'
export { createAPIServer } from './create-api-server.ts'
export { defaultLimits, type Limits } from './limits.ts'
