import { afterAll, beforeAll, expect, test } from 'vitest'
import { CliSandbox } from './cli-process.ts'
import { configMap, item, itemDefinition } from './inventory.ts'

const cli = new CliSandbox()
const describeObjects = (...args: string[]) => cli.succeed(['describe', ...args])

beforeAll(async () => {
  await cli.succeed(['apply', '-f', '-'], { input: itemDefinition })
  await cli.succeed(['create', '-f', '-'], {
    input:
      item(
        'laptop',
        { brand: 'dell', quantity: 3 },
        { labels: { b: '2', a: '1' }, annotations: { note: 'one\ntwo' } },
      ) +
      item('lamp') +
      configMap('settings', { color: 'blue' }),
  })
  await cli.succeed(['create', 'secret', 'generic', 'token', '--from-literal=password=t0p'])
  const uid = await cli.succeed(['get', 'item/laptop', '-o', 'jsonpath={.metadata.uid}'])
  const event = (name: string, count: number) => ({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name, namespace: 'default' },
    involvedObject: {
      apiVersion: 'inventory.k1s.dev/v1',
      kind: 'Item',
      namespace: 'default',
      name: 'laptop',
      uid,
    },
    type: 'Normal',
    reason: 'Stocked',
    message: 'Put on the shelf',
    source: { component: 'clerk' },
    count,
    firstTimestamp: new Date(Date.now() - 3_600_000).toISOString().replace(/\.\d+/, ''),
    lastTimestamp: new Date(Date.now() - 725_000).toISOString().replace(/\.\d+/, ''),
  })
  await cli.succeed(['create', '-f', '-'], { input: JSON.stringify(event('e1', 3)) })
})
afterAll(() => cli.remove())

test('a custom resource with its events', async () => {
  const text = (await describeObjects('item', 'laptop'))
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, 'UID')
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/, 'TIME')
    .replace(/(Resource Version: +)\d+/, '$11')
  expect(text).toBe(
    `Name:         laptop
Namespace:    default
Labels:       a=1
              b=2
Annotations:  note:
                one
                two
API Version:  inventory.k1s.dev/v1
Kind:         Item
Metadata:
  Creation Timestamp:  TIME
  Generation:          1
  Resource Version:    1
  UID:                 UID
Spec:
  Brand:     dell
  Quantity:  3
Events:
  Type    Reason   Age                From   Message
  ----    ------   ----               ----   -------
  Normal  Stocked  12m (x3 over 60m)  clerk  Put on the shelf
`,
  )
})

test('a config map, a secret and a namespace have their own form', async () => {
  expect(await describeObjects('cm', 'settings')).toBe(`Name:         settings
Namespace:    default
Labels:       <none>
Annotations:  <none>

Data
====
color:
----
blue


BinaryData
====

Events:  <none>
`)
  expect(await describeObjects('secret/token')).toBe(`Name:         token
Namespace:    default
Labels:       <none>
Annotations:  <none>

Type:  Opaque

Data
====
password:  3 bytes
`)
  expect(await describeObjects('ns', 'default')).toMatch(
    /^Name: {9}default\nLabels: {7}.*\nAnnotations: {2}<none>\nStatus: {7}Active\n\nNo resource quota\.\n$/,
  )
  expect(await describeObjects('sa', 'default')).toBe(`Name:                default
Namespace:           default
Labels:              <none>
Annotations:         <none>
Image pull secrets:  <none>
Events:              <none>
`)
})

test('a quota, by itself and with its namespace', async () => {
  await cli.succeed(['create', 'ns', 'limited'])
  const hard = '--hard=configmaps=10,count/items.inventory.k1s.dev=2,pods=1Ki'
  expect(await cli.succeed(['create', 'quota', 'limits', '-n', 'limited', hard])).toBe(
    'resourcequota/limits created\n',
  )
  await cli.succeed(['create', 'cm', 'a', '-n', 'limited'])
  expect(
    await describeObjects('quota', 'limits', '-n', 'limited'),
  ).toBe(`Name:                          limits
Namespace:                     limited
Resource                       Used  Hard
--------                       ----  ----
configmaps                     1     10
count/items.inventory.k1s.dev  0     2
pods                           0     1Ki
`)
  expect(await describeObjects('ns', 'limited')).toContain(`

Resource Quotas
  Name:                          limits
  Resource                       Used  Hard
  --------                       ---   ---
  configmaps                     1     10
  count/items.inventory.k1s.dev  0     2
  pods                           0     1Ki
`)
  const shown = await cli.succeed(['get', 'quota', '-n', 'limited'])
  expect(shown).toMatch(/^NAME {5}REQUEST +LIMIT +AGE\nlimits +configmaps: 1\/10, count\//)
})

test('several objects, without their events', async () => {
  const text = await describeObjects('items')
  expect(text).toMatch(/^Name: +lamp\n[\s\S]*\n\n\nName: +laptop\n/)
  expect(text).not.toContain('Events:')
})

test('objects whose names start with what was given', async () => {
  expect(await describeObjects('items', 'la')).toMatch(/^Name: +lamp\n[\s\S]*\nName: +laptop\n/)
  expect(await cli.run(['describe', 'items', 'x'])).toMatchObject({
    code: 1,
    stdout: '',
    stderr: 'Error from server (NotFound): items.inventory.k1s.dev "x" not found\n',
  })
})

test('nothing there, and nothing named', async () => {
  expect(await cli.run(['describe', 'secrets', '-l', 'a=b'])).toMatchObject({
    code: 0,
    stderr: 'No resources found in default namespace.\n',
  })
  expect((await cli.run(['describe'])).stderr).toMatch(
    /^error: You must specify the type of resource to describe\. /,
  )
})
