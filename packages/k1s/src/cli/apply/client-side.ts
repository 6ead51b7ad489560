import { isNotFound, lastAppliedConfigAnnotation } from '@k1s/apimachinery'
import { addSourceToError, type Info } from '@k1s/cli-runtime'
import type { Invocation } from '../command.ts'
import type { DryRunStrategy } from '../dry-run.ts'
import { fieldValidation } from '../field-validation.ts'
import { withLastApplied } from '../last-applied.ts'
import { asObject } from '../objects.ts'
import { describeInfo } from './describe-info.ts'
import type { ApplyFlags } from './flags.ts'
import { applyThreeWay } from './three-way.ts'
import { warnIfDeleting } from './warn-if-deleting.ts'

/** Applies an object with the difference that the client finds, and returns what became of it. */
export async function applyClientSide(
  info: Info,
  { flags, factory }: Invocation<ApplyFlags>,
  dryRun: DryRunStrategy,
): Promise<'created' | 'configured' | 'unchanged'> {
  const modified = withLastApplied(asObject(info))
  const client = await factory.client()
  const options = {
    dryRun: dryRun === 'server',
    fieldManager: flags.fieldManager ?? 'kubectl-client-side-apply',
    fieldValidation: fieldValidation(flags),
    onWarning: factory.warn,
  }

  try {
    if (info.name === '') throw new Error('resource name may not be empty')
    await info.get()
  } catch (error) {
    if (!isNotFound(error)) {
      throw addSourceToError(
        `retrieving current configuration of:\n${describeInfo(info)}\nfrom server for:`,
        info.source,
        error,
      )
    }
    let object = withoutNulls(modified)
    if (dryRun !== 'client') {
      try {
        object = await client.create(object, options)
      } catch (failure) {
        throw addSourceToError('creating', info.source, failure)
      }
    }
    info.refresh(object)
    return 'created'
  }

  if (asObject(info).metadata.annotations?.[lastAppliedConfigAnnotation] === undefined) {
    factory.warn(
      `resource ${info.objectName()} is missing the ${lastAppliedConfigAnnotation} annotation which is required by k1s apply. k1s apply should only be used on resources created declaratively by either k1s create --save-config or k1s apply. The missing annotation will be patched automatically.`,
    )
  }
  const { object, changed } = await applyThreeWay({
    info,
    modified,
    client,
    local: dryRun === 'client',
    force: flags.force === true,
    overwrite: flags.overwrite,
    options,
  })
  info.refresh(object)
  warnIfDeleting(info, factory.warn)
  return changed ? 'configured' : 'unchanged'
}

/** What is created is what a later merge would leave, and a merge removes nulls: pruneNullsFromMap of kubectl. */
function withoutNulls<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withoutNulls) as T
  if (typeof value !== 'object' || value === null) return value
  const fields = Object.entries(value).filter(([, field]) => field !== null)
  return Object.fromEntries(fields.map(([name, field]) => [name, withoutNulls(field)])) as T
}
