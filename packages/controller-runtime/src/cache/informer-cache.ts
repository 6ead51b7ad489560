import type { Clock } from '@k1s/apimachinery'
import type { Client } from '@k1s/core'
import type { Duration } from '../duration.ts'
import type { Logger } from '../log/logger.ts'
import type { InformerCache } from './cache.ts'
import type { FieldIndexes } from './field-indexes.ts'
export function createInformerCache(_: {
  client: Client
  indexes: FieldIndexes
  clock: Clock
  logger: Logger
  namespaces?: readonly string[]
  syncPeriod?: Duration
}): InformerCache {
  throw new Error('not yet')
}
