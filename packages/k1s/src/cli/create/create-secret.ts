import { isConfigMapKey, quote } from '@k1s/apimachinery'
import type { Command } from '../command.ts'
import { addCreateFlags, type CreateFromFlags } from './create.ts'
import { createObject, nameArgument } from './create-object.ts'
import { addDataSourceFlags, type DataEntry, type DataSourceFlags, readDataSources } from './data-sources.ts'

export const createSecret: Command = {
  usage: 'create secret generic',
  description: `Create a secret with specified type.

A generic type secret indicates an Opaque secret type.`,
  examples: `# Create a new secret named my-secret with key1=supersecret
k1s create secret generic my-secret --from-literal=key1=supersecret`,
  subcommands: [
    {
      name: 'generic',
      summary: 'Create a secret from a local file, directory, or literal value',
      load: async () => createSecretGeneric,
    },
  ],
}

const createSecretGeneric: Command<CreateFromFlags & DataSourceFlags & { type?: string }> = {
  usage:
    'create secret generic NAME [--type=string] [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none]',
  description: `Create a secret based on a file, directory, or specified literal value.

A single secret may package one or more key/value pairs.

When creating a secret based on a file, the key will default to the basename of the file, and the value will default to the file content. If the basename is an invalid key or you wish to chose your own, you may specify an alternate key.

When creating a secret based on a directory, each file whose basename is a valid key in the directory will be packaged into the secret. Any directory entries except regular files are ignored (e.g. subdirectories, symlinks, devices, pipes, etc).`,
  examples: `# Create a new secret named my-secret with keys for each file in folder bar
k1s create secret generic my-secret --from-file=path/to/bar

# Create a new secret named my-secret with specified keys instead of names on disk
k1s create secret generic my-secret --from-file=ssh-privatekey=path/to/id_rsa --from-file=ssh-publickey=path/to/id_rsa.pub

# Create a new secret named my-secret with key1=supersecret and key2=topsecret
k1s create secret generic my-secret --from-literal=key1=supersecret --from-literal=key2=topsecret

# Create a new secret named my-secret from env files
k1s create secret generic my-secret --from-env-file=path/to/foo.env --from-env-file=path/to/bar.env`,

  flags(set) {
    addCreateFlags(set)
    addDataSourceFlags(set, 'secret')
    set.option('--type <type>', 'The type of secret to create')
  },

  async run(invocation) {
    const name = nameArgument(invocation)
    const { type } = invocation.flags
    const data = collect(readDataSources(invocation.flags, 'secret'))
    const object = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name },
      ...(Object.keys(data).length > 0 && { data }),
      ...(type !== undefined && { type }),
    }
    await createObject(invocation, object, { namespaced: true, failure: 'failed to create secret' })
  },
}

function collect(entries: readonly DataEntry[]): { [key: string]: string } {
  const data: { [key: string]: string } = {}
  for (const { key, value } of entries) {
    const problems = isConfigMapKey(key)
    if (problems.length > 0) {
      throw new Error(`${quote(key)} is not valid key name for a Secret ${problems.join(';')}`)
    }
    if (Object.hasOwn(data, key)) {
      throw new Error(`cannot add key ${key}, another key by that name already exists`)
    }
    data[key] = value.toString('base64')
  }
  return data
}
