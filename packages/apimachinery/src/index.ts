export * from './field-error.ts'
export * from './group-version.ts'
export * from './meta.ts'
export * from './status-error.ts'
