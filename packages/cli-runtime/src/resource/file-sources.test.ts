import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Unstructured } from '@k1s/apimachinery'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type FakeSetup, fakeFactory } from '../../test/fake-factory.ts'
import { configMap, discovered } from '../../test/fake-transport.ts'

let directory: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'k1s-files-'))
})

afterEach(() => {
  rmSync(directory, { recursive: true })
})

function write(files: { [path: string]: string | Uint8Array }): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), content)
  }
}

const cm = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`

function setUp(setup: FakeSetup = {}) {
  const fake = fakeFactory(setup)
  return {
    ...fake,
    builder: fake.factory.newBuilder().namespaceParam('default').defaultNamespace().flatten(),
  }
}

function load(path: string | string[], options: { recursive?: boolean; stdin?: string } = {}) {
  const filename = [path]
    .flat()
    .map((name) => (name === '-' || /^https?:/.test(name) ? name : join(directory, name)))
  const { builder } = setUp({ stdin: options.stdin ?? '' })
  return builder
    .continueOnError()
    .filenameParam(false, { filename, recursive: options.recursive ?? false })
    .do()
}

async function errorOf(path: string | string[]): Promise<string> {
  const { error } = await load(path).infosAndError()
  return (error?.message ?? 'no error').replaceAll(`${directory}/`, '')
}

describe('what is read', () => {
  test('a file of several documents gives one info each, with its file', async () => {
    write({ 'a.yaml': `${cm('one')}---\n${cm('two')}` })
    const infos = await load('a.yaml').infos()
    expect(
      infos.map(({ name, namespace, source }) => [name, namespace, source.replace(directory, '')]),
    ).toEqual([
      ['one', 'default', '/a.yaml'],
      ['two', 'default', '/a.yaml'],
    ])
    expect((infos[0]!.object as Unstructured).metadata.namespace).toBe('default')
  })

  test('a directory gives its manifests in order, those below it only with recursive', async () => {
    write({
      'd/b.yml': cm('b'),
      'd/a.json': JSON.stringify(configMap('a')),
      'd/README.md': '# no manifest',
      'd/sub/c.yaml': cm('c'),
    })
    expect((await load('d').infos()).map(({ name }) => name)).toEqual(['a', 'b'])
    expect((await load('d', { recursive: true }).infos()).map(({ name }) => name)).toEqual(['a', 'b', 'c'])
  })

  test('patterns, several files and standard input are read in their order', async () => {
    write({ 'x1.yaml': cm('x1'), 'x2.yaml': cm('x2'), 'z.yaml': cm('z') })
    const infos = await load(['z.yaml', '-', 'x[12].*'], { stdin: cm('stdin') }).infos()
    expect(infos.map(({ name }) => name)).toEqual(['z', 'stdin', 'x1', 'x2'])
    expect(infos[1]!.source).toBe('STDIN')
  })

  test('the items of lists, also of lists in lists, become objects of their own', async () => {
    const inner = { apiVersion: 'v1', kind: 'ConfigMapList', items: [configMap('b')] }
    write({ 'l.json': JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [configMap('a'), inner] }) })
    expect((await load('l.json').infos()).map(({ name }) => name)).toEqual(['a', 'b'])
  })

  test('UTF-16 with a byte order mark is text', async () => {
    write({ 'u.yaml': Buffer.from(`\ufeff${cm('u')}`, 'utf16le') })
    expect((await load('u.yaml').infos()).map(({ name }) => name)).toEqual(['u'])
  })

  test('one file implies a single item, a directory and standard input do not', async () => {
    write({ 'd/a.yaml': cm('a'), 'd/b.yaml': cm('b') })
    const implied = async (path: string) => {
      const result = load(path, { stdin: cm('s') })
      await result.infos()
      return result.singleItemImplied
    }
    expect([await implied('d/a.yaml'), await implied('d'), await implied('-')]).toEqual([true, false, false])
  })

  test('a label selector leaves out other objects', async () => {
    write({ 'a.yaml': `${cm('a')}  labels: {app: web}\n---\n${cm('b')}` })
    const { builder } = setUp()
    const result = builder
      .labelSelectorParam('app=web')
      .filenameParam(false, { filename: [join(directory, 'a.yaml')] })
      .do()
    expect((await result.infos()).map(({ name }) => name)).toEqual(['a'])
  })

  test('a kind that came to be after the first look is found', async () => {
    write({ 'w.yaml': 'apiVersion: acme.dev/v1\nkind: Widget\nmetadata: {name: w}\n' })
    const { builder, transport, factory } = setUp()
    await factory.restMapper()
    transport.resources = [
      discovered({ group: 'acme.dev', name: 'widgets', kind: 'Widget', namespaced: false }),
    ]
    const infos = await builder
      .filenameParam(false, { filename: [join(directory, 'w.yaml')] })
      .do()
      .infos()
    expect(infos.map((info) => info.objectName())).toEqual(['widgets/w'])
    expect(infos[0]!.namespace).toBe('')
  })

  test('local objects need no server', async () => {
    write({ 'w.yaml': 'apiVersion: acme.dev/v1\nkind: Widget\nmetadata: {name: w}\n' })
    const { builder, counts } = setUp()
    await builder
      .local()
      .filenameParam(false, { filename: [join(directory, 'w.yaml')] })
      .do()
      .infos()
    expect(counts()).toEqual({ opened: 0, closed: 0 })
  })
})

describe('what is refused', () => {
  test.each<[string, string | Uint8Array, string]>([
    [
      't.yaml',
      'a: b: c\n',
      'error parsing t.yaml: error converting YAML to JSON: yaml: line 1: mapping values are not allowed in this context',
    ],
    [
      'n.yaml',
      'metadata: {name: x}\n',
      'error validating "n.yaml": error validating data: [apiVersion not set, kind not set]',
    ],
    ['s.yaml', '- a\n', 'unable to decode "s.yaml": expected an object with apiVersion and kind, not a list'],
    [
      'w.yaml',
      `${'a'.repeat(1000)}\n`,
      `unable to decode "w.yaml": expected an object with apiVersion and kind, not "${'a'.repeat(79)}…`,
    ],
    [
      'g.yaml',
      'apiVersion: a/b/c\nkind: X\n',
      'unable to decode "g.yaml": unexpected GroupVersion string: a/b/c',
    ],
    [
      'l.yaml',
      `${cm('x')}  labels: {tier: 1}\n`,
      'unable to decode "l.yaml": json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string\nmetadata.labels["tier"] must be a string: put the value in quotes',
    ],
    [
      'k.yaml',
      'apiVersion: inventory.k1s.dev/v1\nkind: Itemm\nmetadata: {name: x}\n',
      'resource mapping not found for name: "x" namespace: "" from "k.yaml": no matches for kind "Itemm" in version "inventory.k1s.dev/v1"\nensure CRDs are installed first\nDid you mean "inventory.k1s.dev/v1 Item"?',
    ],
    [
      'v.yaml',
      'apiVersion: inventory.k1s.dev/v2\nkind: Item\nmetadata: {name: x}\n',
      'no matches for kind "Item" in version "inventory.k1s.dev/v2"\nensure CRDs are installed first\nItem is served in inventory.k1s.dev/v1, inventory.k1s.dev/v1beta1',
    ],
    ['b.yaml', new Uint8Array([0x61, 0xff, 0xfd]), 'error parsing b.yaml: the text is not valid UTF-8'],
  ])('%s: %s', async (path, content, message) => {
    write({ [path]: content })
    expect(await errorOf(path)).toContain(message)
  })

  test('a path that does not exist', async () => {
    expect(await errorOf('missing.yaml')).toBe('the path "missing.yaml" does not exist')
    expect(await errorOf('*.nothing')).toBe('the path "*.nothing" does not exist')
  })

  test('a directory without manifests', async () => {
    write({ 'd/notes.txt': '' })
    expect(await errorOf('d')).toBe('error reading [d]: recognized file extensions are [.json .yaml .yml]')
  })

  test('URLs, kustomizations and standard input used twice', async () => {
    expect(await errorOf('https://example.com/a.yaml')).toMatch(
      /^cannot read https:\/\/example\.com\/a\.yaml: k1s does not load manifests from the network/,
    )
    expect(setUp().builder.filenameParam(false, { kustomize: 'overlay' }).do().error?.message).toMatch(
      /^kustomizations are not supported by k1s/,
    )
    expect(await errorOf(['-', '-'])).toBe('standard input cannot be used for multiple arguments')
  })

  test('arguments beside files', async () => {
    write({ 'a.yaml': cm('a') })
    const files = { filename: [join(directory, 'a.yaml')] }
    const errorWith = (args: string[]) =>
      setUp().builder.filenameParam(false, files).resourceTypeOrNameArgs(true, args).do().error?.message
    expect(errorWith(['cm'])).toBe(
      'when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well',
    )
    expect(errorWith(['cm/a'])).toBe('resource/name arguments cannot be provided when a path is specified')
  })

  test('an object in another namespace than the enforced one', async () => {
    write({ 'a.yaml': `${cm('a')}  namespace: shop\n` })
    const { builder } = setUp()
    const result = builder.filenameParam(true, { filename: [join(directory, 'a.yaml')] }).do()
    await expect(result.infos()).rejects.toThrow(
      'the namespace from the provided object "shop" does not match the namespace "default". You must pass \'--namespace=shop\' to perform this operation.',
    )
  })

  test('one broken object does not keep the others from being found', async () => {
    write({ 'a.yaml': `${cm('a')}---\nkind: X\n---\n${cm('b')}` })
    const { infos, error } = await load('a.yaml').infosAndError()
    expect(infos.map(({ name }) => name)).toEqual(['a', 'b'])
    expect(error?.message).toMatch(/a\.yaml:6": error validating data: apiVersion not set$/)
  })
})

describe('duplicate keys', () => {
  const text = `${cm('a')}data:\n  k: one\n  k: two\n`
  const visit = async (mode: 'Strict' | 'Warn' | 'Ignore') => {
    write({ 'a.yaml': text })
    const { builder, streams } = setUp()
    const result = builder
      .fieldValidation(mode)
      .filenameParam(false, { filename: [join(directory, 'a.yaml')] })
      .do()
    const { infos, error } = await result.infosAndError()
    return { data: (infos[0]?.object as Unstructured | undefined)?.data, warnings: streams.err.text, error }
  }

  test('are refused by strict validation', async () => {
    expect((await visit('Strict')).error?.message).toContain('line 7: key "k" already set in map')
  })

  test('are a warning by default, and the last one counts', async () => {
    expect(await visit('Warn')).toMatchObject({
      data: { k: 'two' },
      warnings: expect.stringMatching(
        /^Warning: duplicate field "data\.k" in .*a\.yaml, line 7: the last one counts\n$/,
      ),
    })
  })

  test('say nothing when validation is off', async () => {
    expect(await visit('Ignore')).toMatchObject({ data: { k: 'two' }, warnings: '' })
  })
})
