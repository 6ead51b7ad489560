// Events about objects: `k8s.io/client-go/tools/record`.

export * from './event-broadcaster.ts'
export type * from './event-recorder.ts'
