import type { Message } from '../message.ts'
import { objectMeta } from './meta.ts'

export const scaleSpec: Message = {
  name: 'ScaleSpec',
  fields: {
    replicas: [1, 'int32'],
  },
}

export const scaleStatus: Message = {
  name: 'ScaleStatus',
  fields: {
    replicas: [1, 'int32', 'always'],
    selector: [2, 'string'],
  },
}

export const scale: Message = {
  name: 'Scale',
  fields: {
    metadata: [1, objectMeta],
    spec: [2, scaleSpec],
    status: [3, scaleStatus],
  },
}
