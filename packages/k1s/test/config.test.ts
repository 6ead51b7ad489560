import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { CliSandbox } from './cli-process.ts'

let cli: CliSandbox
beforeEach(() => {
  cli = new CliSandbox()
})
afterEach(() => cli.remove())

// Texts are those of k8s.io/kubectl/pkg/cmd/config.
test('contexts are created, modified, listed, used, renamed and deleted', async () => {
  const file = join(cli.directory, 'config')
  expect((await cli.run(['config', 'current-context'])).stderr).toBe('error: current-context is not set\n')
  expect(await cli.succeed(['config', 'set-context', 'shop', '--data-dir', 'shop-data', '--user=ann'])).toBe(
    'Context "shop" created.\n',
  )
  expect(await cli.succeed(['config', 'set-context', 'shop', '-n', 'store', '--tenant', 'acme'])).toBe(
    'Context "shop" modified.\n',
  )
  await cli.succeed(['config', 'set-context', 'lab', '--storage', 'memory'])
  expect(await cli.succeed(['config', 'use-context', 'shop'])).toBe('Switched to context "shop".\n')
  expect(await cli.succeed(['config', 'set-context', '--current', '--user=bob'])).toBe(
    'Context "shop" modified.\n',
  )
  const path = join(cli.directory, 'shop-data')
  expect(await cli.succeed(['config', 'get-contexts'])).toBe(
    [
      `CURRENT   NAME   STORAGE   PATH${' '.repeat(path.length - 4)}   TENANT   NAMESPACE   USER`,
      `          lab    memory    ${' '.repeat(path.length)}                        `,
      `*         shop             ${path}   acme     store       bob`,
      '',
    ].join('\n'),
  )
  expect(await cli.succeed(['config', 'get-contexts', '-o', 'name'])).toBe('lab\nshop\n')
  expect(await cli.succeed(['config', 'view', '--minify'])).toBe(
    `apiVersion: k1s.dev/v1
contexts:
- context:
    namespace: store
    path: ${path}
    tenant: acme
    user: bob
  name: shop
current-context: shop
kind: Config
`,
  )
  expect(await cli.succeed(['config', 'rename-context', 'shop', 'store'])).toBe(
    'Context "shop" renamed to "store".\n',
  )
  expect(await cli.succeed(['config', 'current-context'])).toBe('store\n')
  const deleted = await cli.run(['config', 'delete-context', 'store'])
  expect(deleted.stdout).toBe(`deleted context store from ${file}\n`)
  expect(deleted.stderr).toBe(
    'warning: this removed your active context, use "k1s config use-context" to select a different one\n',
  )
  expect((await cli.run(['get', 'cm'])).stderr).toBe(
    `error: context "store" does not exist\nIt is the current-context of ${file}: choose another with "k1s config use-context", or none with "k1s config unset current-context"\n`,
  )
  expect(await cli.succeed(['config', 'unset', 'current-context'])).toBe(
    'Property "current-context" unset.\n',
  )
  await cli.succeed(['get', 'cm'])
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
    kind: 'Config',
    contexts: [{ name: 'lab' }],
  })
})

test('a context may be that of a kubeconfig, in place of a store', async () => {
  const kubeconfig = join(cli.directory, 'kube')
  await cli.succeed(['config', 'set-context', 'lab', '--data-dir=lab'])
  await cli.succeed(['config', 'set-context', 'prod', '--kubeconfig=kube', '--kube-context=eu', '-n', 'web'])
  await cli.succeed(['config', 'use-context', 'prod'])
  expect(await cli.succeed(['config', 'get-contexts', 'prod'])).toBe(
    [
      `CURRENT   NAME   STORAGE   PATH   TENANT   NAMESPACE   USER   KUBECONFIG${' '.repeat(kubeconfig.length - 7)}KUBE-CONTEXT`,
      `*         prod                             web                ${kubeconfig}   eu`,
      '',
    ].join('\n'),
  )
  expect((await cli.run(['config', 'set-context', 'lab', '--kubeconfig=kube'])).stderr).toBe(
    'error: context "lab" has a kubeconfig, beside which there is no place for path: the kubeconfig says where and as whom\nUse "k1s config unset contexts.lab.FIELD" to take a field away, or give the context another name\n',
  )
  expect((await cli.run(['config', 'set-context', 'x', '--kube-context=eu'])).stderr).toBe(
    'error: context "x" has a kube-context, but no kubeconfig that it is a context of\n',
  )
  await cli.succeed(['config', 'unset', 'contexts.prod.kube-context'])
  await cli.succeed(['config', 'unset', 'contexts.prod.kubeconfig'])
  expect(await cli.succeed(['config', 'view', '--minify', '-o', 'jsonpath={.contexts[0].context}'])).toBe(
    '{"namespace":"web"}',
  )
})

test('config view prints what prompts ask for, and unset takes single values away', async () => {
  await cli.succeed(['config', 'set-context', 'shop.eu', '-n', 'store', '--user=ann'])
  await cli.succeed(['config', 'set-context', 'lab'])
  await cli.succeed(['config', 'use-context', 'shop.eu'])
  const namespace = ['config', 'view', '--minify', '--output', 'jsonpath={..namespace}']
  expect(await cli.succeed(namespace)).toBe('store')
  expect(await cli.succeed(['config', 'view', '-o', 'jsonpath={.contexts[*].name}'])).toBe('shop.eu lab')
  expect(JSON.parse(await cli.succeed(['config', 'view', '-o', 'json']))).toMatchObject({
    'current-context': 'shop.eu',
  })
  expect((await cli.run(['config', 'view', '-o', 'wide'])).stderr).toContain('allowed formats are: json,')
  await cli.succeed(['config', 'unset', 'contexts.shop.eu.namespace'])
  expect(await cli.succeed(namespace)).toBe('')
  await cli.succeed(['config', 'unset', 'contexts.lab'])
  expect(await cli.succeed(['config', 'get-contexts', '-o', 'name'])).toBe('shop.eu\n')
})

test.each([
  [['use-context', 'x'], 'error: no context exists with the name: "x"\n'],
  [['delete-context', 'x'], 'error: cannot delete context x, not in '],
  [['rename-context', 'x', 'y'], 'error: cannot rename the context "x", it\'s not in '],
  [['get-contexts', 'x'], 'error: context x not found\n'],
  [['unset', 'contexts.x'], 'error: current map key `x` is invalid\n'],
  [['unset', 'clusters'], 'error: unable to parse "clusters": expected current-context, '],
  [
    ['set-context', 'x', '--storage=sqlite'],
    'error: unknown storage type "sqlite": must be one of memory, lmdb, bolt\n',
  ],
  [['set-context', 'x', '--tenant=A/b'], 'error: invalid --tenant "A/b": '],
  [['set-context'], 'error: you must specify a non-empty context name or --current\n'],
  [['set-context', 'x', '--current'], 'error: you cannot specify both a context name and --current\n'],
])('config %j is refused', async (args, message) => {
  const { code, stderr } = await cli.run(['config', ...args])
  expect(stderr).toContain(message)
  expect(code).toBe(1)
})

test('a context that does not exist is an error that suggests the right one', async () => {
  await cli.succeed(['config', 'set-context', 'shop'])
  const { code, stderr } = await cli.run(['get', 'cm', '--context=shpo'])
  expect(stderr).toBe('error: context "shpo" does not exist\nDid you mean "shop"?\n')
  expect(code).toBe(1)
})
