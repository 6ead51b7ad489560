import { afterAll, beforeAll, expect, test } from 'vitest'
import { CliSandbox } from './cli-process.ts'
import { itemDefinition } from './inventory.ts'

const cli = new CliSandbox()
const explain = (...args: string[]) => cli.succeed(['explain', ...args])
beforeAll(async () => {
  await cli.succeed(['apply', '-f', '-'], { input: itemDefinition })
})
afterAll(() => cli.remove())

test('a field of a custom resource', async () => {
  const expected = `GROUP:      inventory.k1s.dev
KIND:       Item
VERSION:    v1

FIELD: spec <Object>


DESCRIPTION:
    <empty>
FIELDS:
  brand\t<string> -required-
    <no description>

  quantity\t<integer>
    <no description>

  shelf\t<string>
    <no description>


`
  expect(await explain('items.spec')).toBe(expected)
  expect(await explain('it.spec')).toBe(expected)
  expect(await explain('items.inventory.k1s.dev.spec')).toBe(expected)
})

test('a built-in kind, with all fields of fields', async () => {
  const text = await explain('leases', '--recursive')
  expect(text).toMatch(/^GROUP: {6}coordination.k8s.io\nKIND: {7}Lease\nVERSION: {4}v1\n/)
  expect(text).toContain('\n  metadata\t<ObjectMeta>\n    annotations\t<map[string]string>\n')
  expect(text).toContain('\n    ownerReferences\t<[]OwnerReference>\n      apiVersion\t<string> -required-\n')
  expect(await explain('leases', '-R', '--max-depth=1')).not.toContain('annotations')
})

test('another version, and OpenAPI v2', async () => {
  const events = await explain('events.note', '--api-version=events.k8s.io/v1')
  expect(events).toContain(
    'GROUP:      events.k8s.io\nKIND:       Event\nVERSION:    v1\n\nFIELD: note <string>\n',
  )
  const v2 = await explain('cm.data', '-o', 'plaintext-openapiv2')
  expect(v2).toMatch(/^KIND: {5}ConfigMap\nVERSION: {2}v1\n\nFIELD: {4}data <map\[string\]string>\n/)
})

test.each([
  [
    [],
    'error: You must specify the type of resource to explain. Use "k1s api-resources" for a complete list of supported resources.',
  ],
  [['a', 'b'], 'error: We accept only this format: explain RESOURCE'],
  [['cm', '--max-depth=2'], 'error: --max-depth requires --recursive'],
  [['nothing'], `the server doesn't have a resource type "nothing"`],
  [['cm', '--api-version=v9'], `error: couldn't find resource for "/v9, Resource=configmaps"`],
  [['cm.data[0]'], 'error: invalid jsonpath syntax, all nodes must be field nodes'],
  [['cm', '-o', 'html'], 'error: unrecognized format: html'],
  [['cm.metadata.nothing'], 'error: field "nothing" does not exist'],
  [['cm.nothing', '-o', 'plaintext-openapiv2'], 'error: field "nothing" does not exist'],
])('explain %j is refused', async (args, message) => {
  const { code, stderr } = await cli.run(['explain', ...args])
  expect(stderr.trimEnd()).toBe(message)
  expect(code).toBe(1)
})

test('the kind is printed before an unknown field', async () => {
  const { stdout } = await cli.run(['explain', 'cm.nothing'])
  expect(stdout).toBe('KIND:       ConfigMap\nVERSION:    v1\n\n')
})
