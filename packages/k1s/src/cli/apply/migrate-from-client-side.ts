import { isConflict, lastAppliedConfigAnnotation, type Unstructured } from '@k1s/apimachinery'
import { fieldPath, findFieldOwners, upgradeManagedFields } from '@k1s/apimachinery/managed-fields'
import type { Info } from '@k1s/cli-runtime'
import type { Client, SubresourceClient, WriteOptions } from '@k1s/core'
import { asObject } from '../objects.ts'
import { serverSideManager } from './server-side.ts'

interface Migration {
  /** Holds the object as the server applied it. */
  readonly info: Info
  readonly target: Pick<Client | SubresourceClient, 'apply' | 'patch'>
  readonly options: WriteOptions & { fieldManager: string }
  /** Applies once more. */
  readonly apply: () => Promise<Unstructured>
  readonly warn: (text: string) => void
}

const lastAppliedPath = fieldPath('metadata', 'annotations', lastAppliedConfigAnnotation)
const annotationManager = 'kubectl-last-applied'
const maxRetries = 5

/**
 * Gives what client-side apply owned to the manager of server-side apply, and applies again, so that fields which are
 * no longer wanted go. What fails is a warning: the object was applied, and the next apply tries again.
 *
 * Follows saveLastApplyAnnotationIfNecessary and migrateToSSAIfNecessary of `k8s.io/kubectl/pkg/cmd/apply`.
 */
export async function migrateFromClientSide(migration: Migration): Promise<void> {
  const { info, apply, warn } = migration
  try {
    await keepAnnotation(migration)
  } catch (error) {
    warn(
      `failed to migrate ${lastAppliedConfigAnnotation} for Server-Side Apply. This is non-fatal and will be retried next time you apply. Error: ${textOf(error)}`,
    )
    return
  }
  try {
    if (!(await upgradeManagers(migration))) return
  } catch (error) {
    warn(
      `server rejected managed fields migration to Server-Side Apply. This is non-fatal and will be retried next time you apply. Error: ${textOf(error)}`,
    )
    return
  }
  try {
    info.refresh(await apply())
  } catch (error) {
    warn(
      `failed to re-apply configuration after performing Server-Side Apply migration. This is non-fatal and will be retried next time you apply. Error: ${textOf(error)}`,
    )
  }
}

/**
 * Lets a manager of its own own the annotation, which would go with the fields of client-side apply otherwise. Those
 * who go back to client-side apply need it, and the server keeps it up to date for the default manager.
 */
async function keepAnnotation({ info, target, options }: Migration): Promise<void> {
  if (options.fieldManager !== serverSideManager) return
  const { apiVersion, kind, metadata } = asObject(info)
  if (findFieldOwners(metadata.managedFields ?? [], 'Apply', lastAppliedPath).length > 0) return
  const annotation: Unstructured = {
    apiVersion,
    kind,
    metadata: {
      name: metadata.name!,
      ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
      annotations: { [lastAppliedConfigAnnotation]: metadata.annotations![lastAppliedConfigAnnotation]! },
    },
  }
  info.refresh(await target.apply(annotation, { ...options, fieldManager: annotationManager }))
}

/** Returns whether there was something to upgrade. */
async function upgradeManagers({ info, target, options }: Migration): Promise<boolean> {
  const owners = findFieldOwners(asObject(info).metadata.managedFields ?? [], 'Update', lastAppliedPath)
  const managers = new Set(owners.map(({ manager = '' }) => manager))
  for (let attempt = 1; ; attempt++) {
    const current = asObject(info)
    const { managedFields = [], resourceVersion } = current.metadata
    const upgraded = upgradeManagedFields(managedFields, managers, options.fieldManager)
    if (upgraded === managedFields) return false
    const body = [
      { op: 'replace', path: '/metadata/managedFields', value: upgraded },
      // Not a test: a resourceVersion that is no longer true is a conflict then, and no invalid patch.
      { op: 'replace', path: '/metadata/resourceVersion', value: resourceVersion },
    ]
    try {
      info.refresh(await target.patch(current, { type: 'application/json-patch+json', body }, options))
      return true
    } catch (error) {
      if (!isConflict(error) || attempt >= maxRetries) throw error
      await info.get()
    }
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
