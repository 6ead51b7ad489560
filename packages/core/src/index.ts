export type * from './client.ts'
export type * from './request.ts'
export type * from './resource-definition.ts'
export type * from './table/table.ts'
