import { expect, test } from 'vitest'
import { CliSandbox } from './cli-process.ts'
import { configMap, item, itemDefinition } from './inventory.ts'
import { onEachKubectl } from './kubectl.ts'

onEachKubectl((kubectl) => {
  test('kubectl applies an export in every format', async () => {
    const store = new CliSandbox()
    try {
      await store.succeed(['create', '-f', '-'], { input: configMap('a', { k: 'v' }) + configMap('b') })
      for (const format of ['yaml', 'json', 'jsonl']) {
        const input = await store.succeed(['export', '-o', format])
        expect(await kubectl.print('apply -f -', { input })).toMatch(
          /^configmap\/a (created|unchanged)\nconfigmap\/b (created|unchanged)\n$/,
        )
      }
      const input = await store.succeed(['export', '-o', 'jsonl', 'secrets'])
      expect(await kubectl.fail('apply -f -', { input })).toBe('error: no objects passed to apply\n')
    } finally {
      store.remove()
    }
  })

  test('a large integer that a store can keep is the same to kubectl', async () => {
    await kubectl.print('create -f -', { input: itemDefinition })
    await kubectl.print('wait --for=condition=Established crd/items.inventory.k1s.dev')
    const quantity = '1152921504606846976'
    const input = item('many', { brand: 'acme', quantity: Number(quantity) }).replace(/115\d+/, quantity)
    await kubectl.print('create -f -', { input })
    expect(await kubectl.print('get item many -o jsonpath={.spec.quantity}')).toBe(quantity)
  })
})
