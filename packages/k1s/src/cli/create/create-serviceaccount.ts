import type { Command } from '../command.ts'
import { addCreateFlags, type CreateFromFlags } from './create.ts'
import { createObject, nameArgument } from './create-object.ts'

export const createServiceAccount: Command<CreateFromFlags> = {
  usage: 'create serviceaccount NAME [--dry-run=server|client|none]',
  description: 'Create a service account with the specified name.',
  examples: `# Create a new service account named my-service-account
k1s create serviceaccount my-service-account`,
  flags: addCreateFlags,
  async run(invocation) {
    const metadata = { name: nameArgument(invocation) }
    const object = { apiVersion: 'v1', kind: 'ServiceAccount', metadata }
    await createObject(invocation, object, { namespaced: true, failure: 'failed to create serviceaccount:' })
  },
}
