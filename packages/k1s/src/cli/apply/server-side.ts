import { isConflict, isUnsupportedMediaType, lastAppliedConfigAnnotation } from '@k1s/apimachinery'
import type { Info } from '@k1s/cli-runtime'
import type { Client, SubresourceClient } from '@k1s/core'
import type { Invocation } from '../command.ts'
import type { DryRunStrategy } from '../dry-run.ts'
import { fieldValidation } from '../field-validation.ts'
import { asObject } from '../objects.ts'
import type { ApplyFlags } from './flags.ts'
import { warnIfDeleting } from './warn-if-deleting.ts'

/** The manager of `kubectl apply --server-side`; that of client-side apply has another name. */
export const serverSideManager = 'kubectl'

/** Lets the server apply an object, and takes over what client-side apply owned. */
export async function applyServerSide(
  info: Info,
  { flags, factory }: Invocation<ApplyFlags>,
  dryRun: DryRunStrategy,
): Promise<'serverside-applied'> {
  const { warn } = factory
  const wanted = asObject(info)
  const options = {
    fieldManager: flags.fieldManager ?? serverSideManager,
    parent: info.mapping,
    dryRun: dryRun === 'server',
    fieldValidation: fieldValidation(flags),
    onWarning: warn,
  }
  const client = await factory.client()
  const target: Client | SubresourceClient = flags.subresource
    ? client.subresource(flags.subresource)
    : client
  const apply = () => target.apply(wanted, { ...options, force: flags.forceConflicts === true })
  try {
    info.refresh(await apply())
  } catch (error) {
    throw explain(error)
  }
  // Only client-side apply writes this annotation, so that nothing more is loaded for other objects.
  if (asObject(info).metadata.annotations?.[lastAppliedConfigAnnotation] !== undefined) {
    const { migrateFromClientSide } = await import('./migrate-from-client-side.ts')
    await migrateFromClientSide({ info, target, options, apply, warn })
  }
  warnIfDeleting(info, warn)
  return 'serverside-applied'
}

/** With the texts of applyOneObject of `k8s.io/kubectl/pkg/cmd/apply`; other errors come back as they are. */
function explain(error: unknown): unknown {
  if (isUnsupportedMediaType(error)) {
    return new Error(`Server-side apply not available on the server: (${error.message})`)
  }
  if (!isConflict(error)) return error
  return new Error(`${error.message}
Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the \`--force-conflicts\` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts`)
}
