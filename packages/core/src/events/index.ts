// Events about objects: `k8s.io/client-go/tools/record`.
export type * from './event-recorder.ts'
