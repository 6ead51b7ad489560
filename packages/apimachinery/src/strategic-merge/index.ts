export type * from './patch-schema.ts'
