import type { Message } from '../message.ts'
import { objectMeta } from './meta.ts'
import { microTime } from './well-known.ts'

export const leaseSpec: Message = {
  name: 'LeaseSpec',
  fields: {
    holderIdentity: [1, 'string', 'pointer'],
    leaseDurationSeconds: [2, 'int32', 'pointer'],
    acquireTime: [3, microTime, 'pointer'],
    renewTime: [4, microTime, 'pointer'],
    leaseTransitions: [5, 'int32', 'pointer'],
    strategy: [6, 'string', 'pointer'],
    preferredHolder: [7, 'string', 'pointer'],
  },
}

export const lease: Message = {
  name: 'Lease',
  fields: {
    metadata: [1, objectMeta],
    spec: [2, leaseSpec],
  },
}
