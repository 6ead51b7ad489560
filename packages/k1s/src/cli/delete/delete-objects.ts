import { type DeletionPropagation, isNotFound, quote } from '@k1s/apimachinery'
import { addSourceToError, aggregate, type Factory, type Info, type Result } from '@k1s/cli-runtime'
import type { DryRunStrategy } from '../dry-run.ts'
import { type Report, visitTogether } from '../visit-together.ts'
import { waitUntilDeleted } from '../wait/wait-until-deleted.ts'

export interface DeleteObjectsOptions {
  readonly propagationPolicy: DeletionPropagation
  /** Seconds; negative leaves it to the server, 0 is said to be a forced deletion. */
  readonly gracePeriod: number
  readonly dryRun: DryRunStrategy
  /** Whether what is gone already is passed over in silence. */
  readonly ignoreNotFound: boolean
  /** Whether to wait for finalizers. */
  readonly wait: boolean
  /** Milliseconds; 0 is a week. */
  readonly timeout: number
  /** Print `kind/name` alone. */
  readonly nameOnly: boolean
  readonly warnClusterScope: boolean
  /** The objects were selected, not named in an order: many are deleted at a time. */
  readonly together: boolean
  /** Controllers that may remove finalizers, where the command runs them itself. */
  readonly runControllers?: (() => Promise<void>) | undefined
}

const week = 168 * 60 * 60 * 1000

/** Deletes what a builder found and says so. Follows DeleteResult of `k8s.io/kubectl/pkg/cmd/delete`. */
export async function deleteObjects(
  targets: Pick<Result, 'visit'>,
  factory: Factory,
  options: DeleteObjectsOptions,
): Promise<void> {
  const { out } = factory.streams
  const deleted: { info: Info; uid: string | undefined }[] = []
  let found = 0
  let warnClusterScope = options.warnClusterScope

  const visit = async (info: Info): Promise<Report> => {
    found++
    if (warnClusterScope && !info.mapping.namespaced) {
      factory.warn('deleting cluster-scoped resources, not scoped to the provided namespace')
      warnClusterScope = false
    }
    if (options.dryRun !== 'client') {
      const client = await factory.client()
      try {
        const held = await client.delete(info.mapping, keyOf(info), {
          propagationPolicy: options.propagationPolicy,
          dryRun: options.dryRun === 'server',
          onWarning: factory.warn,
          ...(options.gracePeriod >= 0 && { gracePeriodSeconds: options.gracePeriod }),
        })
        if (held !== undefined) deleted.push({ info, uid: held.metadata.uid })
      } catch (error) {
        if (options.ignoreNotFound && isNotFound(error)) return () => {}
        throw addSourceToError('deleting', info.source, error)
      }
    }
    return () => out.write(`${deletionLine(info, options)}\n`)
  }

  await visitAll(targets, visit, options.together)
  if (found === 0) {
    out.write('No resources found\n')
    return
  }
  if (!options.wait || options.dryRun !== 'none') return
  const deadline = Date.now() + (options.timeout === 0 ? week : options.timeout)
  if (deleted.length > 0) await options.runControllers?.()
  for (const { info, uid } of deleted) {
    out.flush()
    await waitUntilDeleted(info, factory, { deadline, uid })
  }
}

async function visitAll(
  targets: Pick<Result, 'visit'>,
  visit: (info: Info) => Promise<Report>,
  together: boolean,
): Promise<void> {
  if (!together) return targets.visit(async (info) => (await visit(info))())
  const infos: Info[] = []
  const errors: unknown[] = []
  try {
    await targets.visit((info) => {
      infos.push(info)
    })
  } catch (error) {
    errors.push(error)
  }
  errors.push(...(await visitTogether(infos, visit)))
  const error = aggregate(errors)
  if (error !== undefined) throw error
}

function deletionLine(info: Info, { gracePeriod, dryRun, nameOnly }: DeleteObjectsOptions): string {
  const { group, kind, namespaced } = info.mapping
  const kindName = group === '' ? kind.toLowerCase() : `${kind.toLowerCase()}.${group}`
  if (nameOnly) return `${kindName}/${info.name}`
  let operation = gracePeriod === 0 ? 'force deleted' : 'deleted'
  if (namespaced) operation += ` from ${info.namespace} namespace`
  if (dryRun !== 'none') operation += dryRun === 'client' ? ' (dry run)' : ' (server dry run)'
  return `${kindName} ${quote(info.name)} ${operation}`
}

function keyOf({ name, namespace, mapping }: Info) {
  return { name, ...(mapping.namespaced && { namespace }) }
}
