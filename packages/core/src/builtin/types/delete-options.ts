import type { GoStruct } from '../../schema/go-type.ts'
import { typeMeta } from './object-fields.ts'

export const preconditions: GoStruct = {
  name: 'Preconditions',
  package: 'io.k8s.apimachinery.pkg.apis.meta.v1',
  description: 'What must be true of an object for an operation to go ahead.',
  fields: {
    resourceVersion: { type: 'string', description: 'The version that the object must have.' },
    uid: { type: 'string', description: 'The UID that the object must have.' },
  },
}

export const deleteOptions: GoStruct = {
  name: 'DeleteOptions',
  package: 'io.k8s.apimachinery.pkg.apis.meta.v1',
  description: 'How to delete an object.',
  fields: {
    ...typeMeta,
    dryRun: {
      type: { listOf: 'string' },
      description: 'With "All", everything is checked and nothing is stored.',
      listType: 'atomic',
    },
    gracePeriodSeconds: {
      type: 'int64',
      description: 'Seconds that the object gets to end; zero means at once.',
    },
    ignoreStoreReadErrorWithClusterBreakingPotential: {
      type: 'bool',
      description:
        'Deletes an object that can no longer be read from storage, without its finalizers and preconditions. Dangerous.',
    },
    orphanDependents: {
      type: 'bool',
      description: 'Not supported: propagationPolicy Orphan leaves dependents behind without this owner.',
    },
    preconditions: {
      type: preconditions,
      description: 'What must be true of the object for the deletion to go ahead.',
    },
    propagationPolicy: {
      type: 'string',
      description:
        'What becomes of dependents: "Orphan" leaves them, "Background" deletes them afterwards, "Foreground" before.',
    },
  },
}
