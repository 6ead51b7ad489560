import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { decodeYaml } from '@k1s/apimachinery/yaml'
import { afterAll, describe, expect, it } from 'vitest'
import { CliSandbox } from './cli-process.ts'

const testdata = fileURLToPath(new URL('../../../../shared/testdata/', import.meta.url))
const isThere = existsSync(testdata)
if (!isThere) console.warn(`skipped: the manifests of real users are not there (${testdata})`)

interface Manifest {
  kind: string
  metadata: { name: string; namespace?: string }
}

function manifestsOf(file: string): Manifest[] {
  return decodeYaml(readFileSync(file, 'utf8')).map(({ value }) => value as Manifest)
}

describe.skipIf(!isThere)('manifests of Gateway API and cert-manager', () => {
  const cli = new CliSandbox()
  const examples = `${testdata}gateway-api/examples/`
  const definitions = isThere
    ? ['gateway-api', 'cert-manager'].flatMap((folder) =>
        readdirSync(testdata + folder)
          .filter((file) => file.startsWith('crd-'))
          .map((file) => `${testdata}${folder}/${file}`)
          .filter((file) => manifestsOf(file).some(({ kind }) => kind === 'CustomResourceDefinition')),
      )
    : []
  const objects = isThere ? readdirSync(examples).flatMap((file) => manifestsOf(examples + file)) : []
  const customObjects = new Set(
    objects
      .filter(({ kind }) => kind !== 'Namespace')
      .map(({ kind, metadata }) => `${kind}/${metadata.namespace ?? 'default'}/${metadata.name}`),
  )
  afterAll(() => cli.remove())

  it('their definitions are accepted', async () => {
    const output = await cli.succeed(['create', ...definitions.flatMap((file) => ['-f', file])])
    expect(output.trim().split('\n')).toHaveLength(definitions.length)
    const crds = await cli.succeed(['get', 'crds', '-o', 'name'])
    expect(crds.trim().split('\n')).toHaveLength(definitions.length)
  })

  it('their examples are stored, and a second apply changes nothing', async () => {
    for (const namespace of new Set(objects.flatMap(({ metadata }) => metadata.namespace ?? []))) {
      if (namespace !== 'default') await cli.succeed(['create', 'namespace', namespace])
    }
    const output = await cli.succeed(['apply', '-f', examples])
    expect(output.trim().split('\n')).toHaveLength(objects.length)
    const versions = async () => {
      const text = await cli.succeed(['get', 'gateways,httproutes,grpcroutes', '-A', '-o', 'json'])
      const { items } = JSON.parse(text) as {
        items: (Manifest & { metadata: { resourceVersion: string } })[]
      }
      // The folder holds several versions of some objects, which change each time.
      const once = items.filter(
        ({ metadata }) => objects.filter((o) => o.metadata.name === metadata.name).length === 1,
      )
      return once.map(({ kind, metadata }) => `${kind}/${metadata.name} ${metadata.resourceVersion}`)
    }
    const before = await versions()
    expect(before.length).toBeGreaterThan(20)
    await cli.succeed(['apply', '-f', examples])
    expect(await versions()).toEqual(before)
  })

  it('they are defaulted', async () => {
    const [file] = readdirSync(examples).filter((name) => name === 'httproute.yaml')
    const [route] = manifestsOf(examples + file)
    const text = await cli.succeed(['get', 'httproute', route!.metadata.name, '-o', 'json'])
    const { spec } = JSON.parse(text) as { spec: { rules: object[] } }
    const match = { path: { type: 'PathPrefix', value: expect.any(String) } }
    expect(spec.rules[0]).toMatchObject({
      matches: [match],
      backendRefs: [{ group: '', kind: 'Service', weight: 1 }],
    })
  })

  it('they are listed with the columns of their definition', async () => {
    const table = await cli.succeed(['get', 'gateways', '-A'])
    const [header, ...rows] = table.trim().split('\n')
    expect(header!.split(/\s{2,}/)).toEqual(['NAMESPACE', 'NAME', 'CLASS', 'ADDRESS', 'PROGRAMMED', 'AGE'])
    expect(rows).toHaveLength([...customObjects].filter((id) => id.startsWith('Gateway/')).length)
  })

  it('they are updated', async () => {
    const names = await cli.succeed(['get', 'httproutes', '-o', 'name'])
    const labeled = await cli.succeed(['label', 'httproutes', '--all', 'tried=yes'])
    expect(labeled.trim().split('\n')).toHaveLength(names.trim().split('\n').length)
    const found = await cli.succeed(['get', 'httproutes', '-l', 'tried=yes', '-o', 'name'])
    expect(found).toBe(names)
  })

  it('they are deleted', async () => {
    await cli.succeed(['delete', '-f', examples, '--ignore-not-found'])
    for (const kind of ['httproutes', 'gateways', 'grpcroutes', 'gatewayclasses']) {
      expect(await cli.succeed(['get', kind, '-A'])).toBe('')
    }
    await cli.succeed(['delete', 'crds', '--all'])
    expect(await cli.succeed(['get', 'crds'])).toBe('')
  })
})
