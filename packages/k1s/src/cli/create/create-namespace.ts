import type { Command } from '../command.ts'
import { addCreateFlags, type CreateFromFlags } from './create.ts'
import { createObject, nameArgument } from './create-object.ts'

export const createNamespace: Command<CreateFromFlags> = {
  usage: 'create namespace NAME [--dry-run=server|client|none]',
  description: 'Create a namespace with the specified name.',
  examples: `# Create a new namespace named my-namespace
k1s create namespace my-namespace`,
  flags: addCreateFlags,
  async run(invocation) {
    const metadata = { name: nameArgument(invocation) }
    const object = { apiVersion: 'v1', kind: 'Namespace', metadata, spec: {}, status: {} }
    await createObject(invocation, object, { namespaced: false })
  },
}
