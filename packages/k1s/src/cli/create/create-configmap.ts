import { isUtf8 } from 'node:buffer'
import { isConfigMapKey, quote } from '@k1s/apimachinery'
import type { Command } from '../command.ts'
import { addCreateFlags, type CreateFromFlags } from './create.ts'
import { createObject, nameArgument } from './create-object.ts'
import { addDataSourceFlags, type DataEntry, type DataSourceFlags, readDataSources } from './data-sources.ts'

export const createConfigMap: Command<CreateFromFlags & DataSourceFlags> = {
  usage:
    'create configmap NAME [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none]',
  description: `Create a config map based on a file, directory, or specified literal value.

A single config map may package one or more key/value pairs.

When creating a config map based on a file, the key will default to the basename of the file, and the value will default to the file content. If the basename is an invalid key, you may specify an alternate key.

When creating a config map based on a directory, each file whose basename is a valid key in the directory will be packaged into the config map. Any directory entries except regular files are ignored (e.g. subdirectories, symlinks, devices, pipes, etc).`,
  examples: `# Create a new config map named my-config based on folder bar
k1s create configmap my-config --from-file=path/to/bar

# Create a new config map named my-config with specified keys instead of file basenames on disk
k1s create configmap my-config --from-file=key1=/path/to/bar/file1.txt --from-file=key2=/path/to/bar/file2.txt

# Create a new config map named my-config with key1=config1 and key2=config2
k1s create configmap my-config --from-literal=key1=config1 --from-literal=key2=config2

# Create a new config map named my-config with key=value pairs from an env file
k1s create configmap my-config --from-env-file=path/to/bar.env`,

  flags(set) {
    addCreateFlags(set)
    addDataSourceFlags(set, 'configmap')
  },

  async run(invocation) {
    const name = nameArgument(invocation)
    const data = collect(name, readDataSources(invocation.flags, 'configmap'))
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, ...data }
    await createObject(invocation, object, { namespaced: true, failure: 'failed to create configmap:' })
  },
}

/** Text goes to `data`, everything else to `binaryData`. */
function collect(name: string, entries: readonly DataEntry[]) {
  const data: { [key: string]: string } = {}
  const binaryData: { [key: string]: string } = {}
  for (const { key, value } of entries) {
    const problems = isConfigMapKey(key)
    if (problems.length > 0) {
      throw new Error(`${quote(key)} is not a valid key name for a ConfigMap: ${problems.join(',')}`)
    }
    const taken = Object.hasOwn(data, key)
      ? 'Data'
      : Object.hasOwn(binaryData, key)
        ? 'BinaryData'
        : undefined
    if (taken !== undefined) {
      throw new Error(
        `cannot add key ${quote(key)}, another key by that name already exists in ${taken} for ConfigMap ${quote(name)}`,
      )
    }
    if (isUtf8(value)) data[key] = value.toString('utf8')
    else binaryData[key] = value.toString('base64')
  }
  return {
    ...(Object.keys(data).length > 0 && { data }),
    ...(Object.keys(binaryData).length > 0 && { binaryData }),
  }
}
