// Objects kept in memory by lists and watches: `k8s.io/client-go/tools/cache` and `informers`.
export { createSharedInformer, type SharedInformerOptions } from './create-shared-informer.ts'
export * from './indexed-store.ts'
export * from './indexer.ts'
export * from './lister.ts'
export type * from './shared-informer.ts'
export * from './shared-informer-factory.ts'
export * from './wait-for-cache-sync.ts'
