export { type EngineBehaviourOptions, engineBehaviour } from './engine-behaviour.ts'
export type { TestRunner } from './runner.ts'
export { type StorageBehaviourOptions, storageBehaviour } from './storage-behaviour.ts'
