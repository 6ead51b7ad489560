import type { GoStruct } from '../../schema/go-type.ts'

export const shardInfo: GoStruct = {
  name: 'ShardInfo',
  package: 'io.k8s.apimachinery.pkg.apis.meta.v1',
  description: 'The shard that a list shows.',
  fields: {
    selector: { type: 'string', description: 'Selects the shard.', required: true, default: '' },
  },
}

export const listMeta: GoStruct = {
  name: 'ListMeta',
  package: 'io.k8s.apimachinery.pkg.apis.meta.v1',
  description: 'What every list has beside its items.',
  fields: {
    continue: { type: 'string', description: 'The token to ask for the next page with; empty on the last.' },
    remainingItemCount: { type: 'int64', description: 'How many items follow this page, if that is known.' },
    resourceVersion: {
      type: 'string',
      description: 'The version of the store that the list shows. Opaque; a watch can start from it.',
    },
    selfLink: { type: 'string', description: 'No longer filled in.' },
    shardInfo: { type: shardInfo, description: 'The shard that the list is restricted to, if it is.' },
  },
}
