import type { KubernetesObject } from '@k1s/apimachinery'
import { UsageError } from '@k1s/cli-runtime'
import type { Invocation } from '../command.ts'
import { dryRunOperation, dryRunStrategy } from '../dry-run.ts'
import { fieldValidation } from '../field-validation.ts'
import { createOrUpdateLastApplied } from '../last-applied.ts'
import type { CreateFromFlags } from './create.ts'

/** The one argument of an imperative `create`: NameFromCommandArgs of `k8s.io/kubectl/pkg/cmd/create`. */
export function nameArgument({ args, commandPath }: Invocation<CreateFromFlags>): string {
  if (args.length !== 1) {
    throw new UsageError(`exactly one NAME is required, got ${args.length}`, commandPath)
  }
  if (args[0] === '') throw new Error('name must be specified')
  return args[0]!
}

/**
 * Creates an object that was put together from flags and prints it. `namespaced` objects go to the namespace of the
 * command; as kubectl does, a client-side dry run shows the namespace only if a flag named it.
 */
export async function createObject<T extends KubernetesObject>(
  { flags, factory }: Invocation<CreateFromFlags>,
  described: T,
  { namespaced, failure }: { namespaced: boolean; failure?: string },
): Promise<void> {
  const dryRun = dryRunStrategy(flags, factory.streams.err)
  const printer = await factory.printer({ ...flags, operation: dryRunOperation('created', dryRun) })
  const { namespace, enforced } = await factory.namespace()
  const inNamespace = (object: T): T => ({ ...object, metadata: { ...object.metadata, namespace } })
  const shown = namespaced && enforced ? inNamespace(described) : described
  let object = createOrUpdateLastApplied(flags.saveConfig === true, shown)
  if (dryRun !== 'client') {
    const client = await factory.client()
    try {
      object = await client.create(namespaced ? inNamespace(object) : object, {
        dryRun: dryRun === 'server',
        fieldManager: flags.fieldManager,
        fieldValidation: fieldValidation(flags),
        onWarning: factory.warn,
      })
    } catch (error) {
      if (failure === undefined || !(error instanceof Error)) throw error
      throw new Error(`${failure} ${error.message}`)
    }
  }
  printer.print(object, factory.streams.out)
}
