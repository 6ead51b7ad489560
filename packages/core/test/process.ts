// A process of the multi-process tests: `ROLE DIRECTORY [JSON]`. Runs as a bundle of the sources.
import { isConflict, isForbidden, isNotFound } from '@k1s/apimachinery'
import { type Client, createRuntime, mergePatch } from '@k1s/core'
import { ConfigMaps, configMap, Items, item, itemDefinition, Namespaces } from './kinds.ts'

const [, , role = '', path = '', input = 'null'] = process.argv
const argument = JSON.parse(input)
const tell = (message: unknown) => process.stdout.write(`${JSON.stringify(message)}\n`)

const roles: { readonly [role: string]: (client: Client) => Promise<void> } = {
  async 'delete-namespace'(client) {
    await client.delete(Namespaces, { name: argument })
  },

  async 'delete-foreground'(client) {
    await client.delete(ConfigMaps, { name: argument }, { propagationPolicy: 'Foreground' })
  },

  async delete(client) {
    await client.delete(ConfigMaps, { name: argument })
  },

  async write(client) {
    await client.create(configMap(argument))
  },

  /** Merge patches, each with a key of its own. */
  async patch(client) {
    for (let round = 0; round < argument.rounds; round++) {
      await client.patch(configMap(argument.name), mergePatch({ data: { [`${process.pid}-${round}`]: 'x' } }))
    }
  },

  /** Adds one to a number, with a resourceVersion, again when another was faster. */
  async increment(client) {
    for (let round = 0; round < argument.rounds; ) {
      const current = await client.get(ConfigMaps, { name: argument.name })
      const value = String(Number(current.data?.value ?? 0) + 1)
      const isWritten = await client.update({ ...current, data: { value } }).then(
        () => true,
        (error: unknown) => {
          if (isConflict(error)) return false
          throw error
        },
      )
      if (isWritten) round++
    }
  },

  /** Creates objects in a namespace until that is refused. */
  async fill(client) {
    for (let round = 0; ; round++) {
      const name = `f-${process.pid}-${round}`
      try {
        await Promise.all(
          ['a', 'b', 'c', 'd'].map((suffix) =>
            client.create(
              configMap(`${name}-${suffix}`, {
                metadata: { name: `${name}-${suffix}`, namespace: argument },
              }),
            ),
          ),
        )
        tell({ round })
      } catch (error) {
        if (isForbidden(error) || isNotFound(error)) return
        throw error
      }
    }
  },

  /** Creates dependents of an owner. */
  async depend(client) {
    for (let round = 0; round < argument.rounds; round++) {
      const name = `d-${process.pid}-${round}`
      await client.create(configMap(name, { metadata: { name, ownerReferences: [argument.owner] } }))
      tell({ round })
    }
  },

  async define(client) {
    await client.create(itemDefinition())
    await client.create(item('theirs'))
  },

  async undefine(client) {
    await client.delete(
      {
        ...Items,
        group: 'apiextensions.k8s.io',
        kind: 'CustomResourceDefinition',
        plural: 'customresourcedefinitions',
        namespaced: false,
      },
      { name: 'items.inventory.example.com' },
    )
  },
}

const runtime = await createRuntime({ storage: { type: 'lmdb', path } })
tell({ ready: true })
await roles[role]!(runtime.client)
await runtime.close()
