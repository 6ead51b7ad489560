import type { GoStruct } from '../../schema/go-type.ts'
import { objectMetadata, typeMeta } from './object-fields.ts'

export const leaseSpec: GoStruct = {
  name: 'LeaseSpec',
  package: 'io.k8s.api.coordination.v1',
  description: 'Who holds a lease, and until when.',
  fields: {
    acquireTime: { type: 'microTime', description: 'When the holder acquired the lease.' },
    holderIdentity: { type: 'string', description: 'Who holds the lease.' },
    leaseDurationSeconds: {
      type: 'int32',
      description: 'Seconds after the last renewal that others must wait before they take the lease over.',
    },
    leaseTransitions: { type: 'int32', description: 'How often the lease changed hands.' },
    preferredHolder: {
      type: 'string',
      description: 'A better holder, for whom the present one should give the lease up. Needs a strategy.',
    },
    renewTime: { type: 'microTime', description: 'When the holder last renewed the lease.' },
    strategy: { type: 'string', description: 'How the holder is elected, where that is coordinated.' },
  },
}

export const lease: GoStruct = {
  name: 'Lease',
  package: 'io.k8s.api.coordination.v1',
  description: 'A claim to something that one of many may hold for a time, such as leadership.',
  fields: {
    ...typeMeta,
    metadata: objectMetadata,
    spec: { type: leaseSpec, description: 'Who holds the lease, and until when.', default: {} },
  },
}
