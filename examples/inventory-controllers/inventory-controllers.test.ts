import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { newManager } from '@k1s/controller-runtime'
import { createRuntime, mergePatch, type Runtime } from 'k1s'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { addCategoryController } from './src/category-controller.ts'
import { Category, Item } from './src/kinds.ts'
import { addStockController } from './src/stock-controller.ts'

const demo = fileURLToPath(new URL('demo.mjs', import.meta.url))

/** Runs the demo to its end. */
function runDemo(cwd: string): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [demo], { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  const printed = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      printed[name] += text
    })
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, ...printed }))
  })
}

test('the demo counts in triggered runs and at once in a following process, tells of low stock, and holds a category', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'k1s-inventory-controllers-'))
  try {
    const { code, stdout, stderr } = await runDemo(directory)
    expect(code, stdout + stderr).toBe(0)
    /** What each run of a command printed, lines of processes in the background among it. */
    const after = (command: string) =>
      stdout
        .split(/^(?=\$ |# |$)/m)
        .filter((block) => block.startsWith(`$ ${command}\n`))
        .map((block) => block.slice(block.indexOf('\n') + 1))
    const categories = after('k1s get categories')
    expect(categories).toHaveLength(3)
    expect(categories[0]).toMatch(/^monitors +Monitors *$/m)
    expect(categories[1]).toMatch(/^monitors +Monitors +2 +11 +1$/m)
    expect(categories[2]).toBe(
      'NAME     TITLE    ITEMS   QUANTITY   LOW\ncables   Cables   1       4          1\n',
    )
    expect(after('k1s get events')[0]).toMatch(
      /Warning +LowStock +item\/studio-display +2 left, there should be 3$/m,
    )
    expect(after('k1s get category cables')[0]).toMatch(/^cables +Cables +1 +4 +1$/m)
    expect(after('k1s describe item usb-c-2m')[0]).toMatch(
      /Warning +LowStock +\d+s +stock +4 left, there should be 10$/m,
    )
    expect(stdout).toMatch(/^ {2}\| monitors +Monitors +2 +17 +0$/m)
    expect(stdout).toMatch(/^ {2}\| \S+ +Normal +Restocked +item\/studio-display +8 there again$/m)
    expect(after('k1s get category monitors')[0]).toMatch(/^monitors +Monitors +2 +17 +0$/m)
    expect(stderr).toContain('The category has to wait for its items')
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
})

describe('the controllers', () => {
  let runtime: Runtime
  beforeEach(async () => {
    runtime = await createRuntime({ storage: { type: 'memory' } })
    runtime.registerAPI(
      { ...Item, subresources: { status: true } },
      { ...Category, subresources: { status: true } },
    )
  })
  afterEach(() => runtime.close())

  const run = () => {
    const silent = { debug() {}, info() {}, error() {}, withName: () => silent, withValues: () => silent }
    const manager = newManager(runtime, { logger: silent })
    addCategoryController(manager)
    addStockController(manager)
    return manager.runOnce()
  }
  const api = { apiVersion: 'stock.k1s.dev/v1' }
  const category = (name: string) => ({
    ...api,
    kind: 'Category',
    metadata: { name },
    spec: { title: name },
  })
  const item = (name: string, of: string, quantity: number) => ({
    ...api,
    kind: 'Item',
    metadata: { name },
    spec: { category: of, quantity, minimum: 1 },
  })
  const statusOf = async (name: string) => (await runtime.client.get(Category, { name })).status

  test('count an item that is moved where it was and where it is', async () => {
    const { client } = runtime
    await client.create(category('monitors'))
    await client.create(category('televisions'))
    const big = await client.create<Item>(item('big', 'monitors', 3))
    await run()
    expect(await statusOf('monitors')).toEqual({ items: 1, quantity: 3, lowStock: 0 })
    await client.patch(big, mergePatch({ spec: { category: 'televisions' } }))
    await run()
    expect(await statusOf('monitors')).toEqual({ items: 0, quantity: 0, lowStock: 0 })
    expect(await statusOf('televisions')).toEqual({ items: 1, quantity: 3, lowStock: 0 })
  })

  test('count the items of all namespaces, and have nothing to do when nothing changed', async () => {
    const { client } = runtime
    await client.create(category('monitors'))
    await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'berlin' } })
    await client.create(item('big', 'monitors', 0))
    await client.create({ ...item('big', 'monitors', 3), metadata: { name: 'big', namespace: 'berlin' } })
    await run()
    expect(await statusOf('monitors')).toEqual({ items: 2, quantity: 3, lowStock: 1 })
    expect((await run()).controllers.map(({ reconciles }) => reconciles)).toEqual([0, 0])
  })
})
