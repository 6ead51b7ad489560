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

  async 'delete-with'(client) {
    const { name, propagationPolicy } = argument
    await client.delete(ConfigMaps, { name }, { propagationPolicy })
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

  /** Adds finalizers of its own to an object, and takes every second off again. */
  async finalize(client) {
    const { name, rounds } = argument
    for (let round = 0; round < rounds; round++) {
      const finalizer = `example.com/p${process.pid}-${round}`
      await changeFinalizers(client, name, (finalizers) => [...finalizers, finalizer])
      if (round % 2 === 0) continue
      await changeFinalizers(client, name, (finalizers) => finalizers.filter((other) => other !== finalizer))
    }
    tell({ pid: process.pid })
  },

  /** Takes finalizers off, one by one. */
  async release(client) {
    const { name, finalizers } = argument
    for (const finalizer of finalizers) {
      await changeFinalizers(client, name, (present) => present.filter((other) => other !== finalizer))
    }
  },

  /** Takes the places of a quota until there is none left. */
  async occupy(client) {
    let taken = 0
    for (let round = 0; round < argument.rounds; round++) {
      const name = `o-${process.pid}-${round}`
      try {
        await client.create(configMap(name))
        taken++
      } catch (error) {
        if (!isForbidden(error)) throw error
      }
      if (round % 3 === 2) {
        const [own] = (await client.metadata.list(ConfigMaps, { namespace: 'default' })).items.filter(
          ({ metadata }) => metadata.name!.startsWith(`o-${process.pid}-`),
        )
        if (own !== undefined) {
          await client.delete(ConfigMaps, { name: own.metadata.name! })
          taken--
        }
      }
    }
    tell({ taken })
  },

  async define(client) {
    await client.create(itemDefinition())
    await client.create(item('theirs'))
  },

  /** Defines kinds that want the same names, each under another plural. */
  async 'define-rival'(client) {
    for (const kind of argument.kinds) {
      await client.create(itemDefinition({}, { kind, plural: `${argument.prefix}${kind.toLowerCase()}s` }))
    }
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

/** With a resourceVersion, again when another was faster. */
async function changeFinalizers(
  client: Client,
  name: string,
  change: (finalizers: readonly string[]) => string[],
): Promise<void> {
  while (true) {
    const current = await client.get(ConfigMaps, { name })
    const finalizers = change(current.metadata.finalizers ?? [])
    const isWritten = await client.update({ ...current, metadata: { ...current.metadata, finalizers } }).then(
      () => true,
      (error: unknown) => {
        if (isConflict(error)) return false
        throw error
      },
    )
    if (isWritten) return
  }
}

const runtime = await createRuntime({ storage: { type: 'lmdb', path } })
tell({ ready: true })
await roles[role]!(runtime.client)
await runtime.close()
