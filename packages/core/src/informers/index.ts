// Objects kept in memory by lists and watches: `k8s.io/client-go/tools/cache` and `informers`.
export * from './indexed-store.ts'
export * from './indexer.ts'
export type * from './shared-informer.ts'
