// Metrics in Prometheus' text format, for servers and managers.
export * from './exposition.ts'
export * from './histogram.ts'
