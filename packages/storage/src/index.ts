export * from './engine.ts'
export * from './interface.ts'
