import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CliSandbox } from './cli-process.ts'
import { configMap, item, itemDefinition } from './inventory.ts'

const cli = new CliSandbox()
const get = (...args: string[]) => cli.succeed(['get', ...args])
/** Ages of seconds are all the same. */
const table = async (...args: string[]) => (await get(...args)).replace(/\b\d+s\b/g, '0s')

beforeAll(async () => {
  await cli.succeed(['apply', '-f', '-'], { input: itemDefinition })
  await cli.succeed(['create', 'namespace', 'store'])
  await cli.succeed(['apply', '-f', '-'], {
    input: [
      item('laptop', { brand: 'dell', quantity: 3, shelf: 'A1' }, { labels: { color: 'grey', team: 'red' } }),
      item('phone', { brand: 'acme' }, { labels: { color: 'black' } }),
      item('tablet', { brand: 'acme', quantity: 20 }, { namespace: 'store' }),
      configMap('settings', { a: '1', b: '2' }),
    ].join(''),
  })
})
afterAll(() => cli.remove())

describe('tables', () => {
  test('have the columns of the kind', async () => {
    expect(await table('items')).toBe('NAME     BRAND   QUANTITY\nlaptop   dell    3\nphone    acme    1\n')
  })

  test('-o wide adds the columns of lower priority', async () => {
    expect(await table('it', '-o', 'wide')).toBe(
      'NAME     BRAND   QUANTITY   SHELF\nlaptop   dell    3          A1\nphone    acme    1          \n',
    )
  })

  test('-A adds the namespace', async () => {
    expect(await table('items', '-A')).toBe(
      'NAMESPACE   NAME     BRAND   QUANTITY\ndefault     laptop   dell    3\ndefault     phone    acme    1\nstore       tablet   acme    20\n',
    )
  })

  test('-n chooses the namespace', async () => {
    expect(await table('items', '-n', 'store', '--no-headers')).toBe('tablet   acme   20\n')
  })

  test('--show-labels and -L add columns of labels', async () => {
    expect(await table('items', '--show-labels')).toBe(
      'NAME     BRAND   QUANTITY   LABELS\nlaptop   dell    3          color=grey,team=red\nphone    acme    1          color=black\n',
    )
    expect(await table('items', '-L', 'team,color')).toBe(
      'NAME     BRAND   QUANTITY   TEAM   COLOR\nlaptop   dell    3          red    grey\nphone    acme    1                 black\n',
    )
  })

  test('several kinds stand below each other, with the kind before the name', async () => {
    expect(await table('items,configmaps')).toBe(
      [
        'NAME                            BRAND   QUANTITY',
        'item.inventory.k1s.dev/laptop   dell    3',
        'item.inventory.k1s.dev/phone    acme    1',
        '',
        'NAME                 DATA   AGE',
        'configmap/settings   2      0s',
        '',
      ].join('\n'),
    )
    expect(await table('all', '--show-kind')).toContain('item.inventory.k1s.dev/laptop')
  })

  test('named objects of one kind share a table', async () => {
    expect(await table('items', 'phone', 'laptop')).toBe(
      'NAME     BRAND   QUANTITY\nphone    acme    1\nlaptop   dell    3\n',
    )
    expect(await table('item/phone', 'it/laptop')).toBe(await table('items', 'phone', 'laptop'))
  })

  test('are filtered and sorted', async () => {
    expect(await table('items', '-l', 'color in (grey)', '--no-headers')).toBe('laptop   dell   3\n')
    expect(await table('items', '--field-selector=metadata.name=phone', '--no-headers')).toBe(
      'phone   acme   1\n',
    )
    expect(await table('items', '-A', '--no-headers', '--sort-by=.spec.quantity')).toBe(
      'default   phone    acme   1\ndefault   laptop   dell   3\nstore     tablet   acme   20\n',
    )
    expect(await table('items', '-A', '--no-headers', '--chunk-size=1')).toBe(
      await table('items', '-A', '--no-headers'),
    )
  })

  test("built-in kinds have kubectl's columns", async () => {
    expect(await table('ns')).toBe(
      'NAME          STATUS   AGE\ndefault       Active   0s\nkube-system   Active   0s\nstore         Active   0s\n',
    )
    expect(await table('cm')).toBe('NAME       DATA   AGE\nsettings   2      0s\n')
  })
})

describe('other output', () => {
  test('-o yaml prints one object as it is, and several in a List', async () => {
    expect(await get('item', 'laptop', '-o', 'yaml')).toMatch(
      /^apiVersion: inventory\.k1s\.dev\/v1\nkind: Item\nmetadata:\n {2}annotations:\n/,
    )
    const list = JSON.parse(await get('items', '-o', 'json'))
    expect(list).toMatchObject({ apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: '' } })
    expect(list.items.map((object: { metadata: { name: string } }) => object.metadata.name)).toEqual([
      'laptop',
      'phone',
    ])
    expect(JSON.parse(await get('items', 'laptop', 'phone', '-o=json')).kind).toBe('List')
    expect(JSON.parse(await get('secrets', '-ojson')).items).toEqual([])
  })

  test('-o name, jsonpath and custom-columns', async () => {
    expect(await get('items,cm', '-o', 'name')).toBe(
      'item.inventory.k1s.dev/laptop\nitem.inventory.k1s.dev/phone\nconfigmap/settings\n',
    )
    expect(await get('items', '-o', 'jsonpath={.items[*].spec.brand}')).toBe('dell acme')
    expect(await get('item/laptop', '-o', 'custom-columns=N:.metadata.name,S:.spec.shelf,X:.spec.x')).toBe(
      'N        S     X\nlaptop   A1    <none>\n',
    )
  })

  test('the status subresource', async () => {
    await cli.succeed([
      'patch',
      'item',
      'laptop',
      '--subresource=status',
      '--type=merge',
      '-p',
      'status: {phase: Sold}',
    ])
    expect(await get('item', 'laptop', '--subresource=status', '-o', 'jsonpath={.status.phase}')).toBe('Sold')
  })

  test('the scale subresource', async () => {
    expect(await table('item', 'laptop', '--subresource=scale')).toBe(
      'NAME     DESIRED   AVAILABLE   AGE\nlaptop   3         0           0s\n',
    )
  })
})

describe('nothing there', () => {
  test('is said on stderr, with exit code 0', async () => {
    expect(await cli.run(['get', 'secrets'])).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'No resources found in default namespace.\n',
    })
    expect((await cli.run(['get', 'secrets', '-A'])).stderr).toBe('No resources found\n')
    expect((await cli.run(['get', 'secrets', '--ignore-not-found'])).stderr).toBe('')
  })

  test('a missing object is an error, after what was found', async () => {
    expect(await cli.run(['get', 'cm', 'x'])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'Error from server (NotFound): configmaps "x" not found\n',
    })
    expect(await cli.run(['get', 'items', 'laptop', 'x'])).toMatchObject({
      code: 1,
      stdout: 'NAME     BRAND   QUANTITY\nlaptop   dell    3\n',
      stderr: 'Error from server (NotFound): items.inventory.k1s.dev "x" not found\n',
    })
    expect(await cli.run(['get', 'cm', 'x', '--ignore-not-found'])).toMatchObject({
      code: 0,
      stdout: '',
      stderr: '',
    })
    expect(await cli.run(['get', 'cm', 'x', '-n', 'nowhere'])).toMatchObject({
      code: 1,
      stderr: 'Error from server (NotFound): namespaces "nowhere" not found\n',
    })
  })

  test('a category that no kind belongs to yet is empty', async () => {
    const empty = new CliSandbox()
    expect(await empty.run(['get', 'all'])).toMatchObject({
      code: 0,
      stderr: 'No resources found in default namespace.\n',
    })
    expect((await empty.run(['get', 'all', '-w'])).stderr).toBe(
      'error: there is nothing to watch: no resource type was found\n',
    )
    empty.remove()
  })

  test('an unknown kind suggests near ones', async () => {
    const { code, stderr } = await cli.run(['get', 'itmes'])
    expect(stderr).toMatch(/^error: the server doesn't have a resource type "itmes"\nDid you mean "items"/)
    expect(code).toBe(1)
  })

  test('an unknown kind prints no list, in whatever format', async () => {
    for (const args of [['itmes'], ['itmes', 'laptop'], ['items,itmes']]) {
      const { code, stdout } = await cli.run(['get', ...args, '-o', 'yaml'])
      expect([code, stdout]).toEqual([1, ''])
    }
  })
})
