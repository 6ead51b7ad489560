import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { formatFieldErrors, parseGroupVersion, type Unstructured } from '@k1s/apimachinery'
import { decodeYaml } from '@k1s/apimachinery/yaml'
import { describe, expect, it } from 'vitest'
import { compileRegularExpression } from '../regular-expression.ts'
import { compileSchema } from '../schema/compile-schema.ts'
import type { ResourceSchema } from '../schema/resource-schema.ts'
import { checkRules } from '../schema-rules/check-rules.ts'
import { crdDefinition } from './compact-definition.ts'
import type { CustomResourceDefinition } from './custom-resource-definition.ts'
import { decodeCustomResourceDefinition } from './decode-custom-resource-definition.ts'
import { defaultCustomResourceDefinition } from './default-custom-resource-definition.ts'
import { validateCustomResourceDefinition } from './validate-custom-resource-definition.ts'

const manifests = fileURLToPath(new URL('../../../../../shared/testdata', import.meta.url))
const isThere = existsSync(manifests)
if (!isThere) console.log(`skipped: no real definitions at ${manifests}`)

function readObjects(folder: string): Unstructured[] {
  if (!isThere) return []
  return readdirSync(`${manifests}/${folder}`)
    .filter((file) => file.endsWith('.yaml'))
    .flatMap((file) => decodeYaml(readFileSync(`${manifests}/${folder}/${file}`, 'utf8'), { file }))
    .map(({ value }) => value as Unstructured)
}

const definitions = [...readObjects('gateway-api'), ...readObjects('cert-manager')].filter(
  ({ kind }) => kind === 'CustomResourceDefinition',
)
const examples = readObjects('gateway-api/examples')

function decode(object: Unstructured): CustomResourceDefinition {
  const decoded = decodeCustomResourceDefinition(structuredClone(object))
  if ('error' in decoded) throw new Error(decoded.error)
  expect(decoded.unknown).toEqual([])
  defaultCustomResourceDefinition(decoded.crd)
  return decoded.crd
}

function compileAll(): Map<string, ResourceSchema> {
  const schemas = new Map<string, ResourceSchema>()
  for (const { spec } of definitions.map(decode)) {
    for (const { name, schema } of spec.versions) {
      schemas.set(
        `${spec.group}/${name}/${spec.names.kind}`,
        compileSchema(schema!.openAPIV3Schema!, { compilePattern: compileRegularExpression }),
      )
    }
  }
  return schemas
}

describe.skipIf(!isThere)('definitions that real users install', () => {
  it.each(definitions.map((crd) => [crd.metadata.name, crd]))('%s is valid', (_, object) => {
    const crd = decode(object as Unstructured)

    expect(formatFieldErrors(validateCustomResourceDefinition(crd, checkRules))).toBe('')
    expect(JSON.stringify(crdDefinition(crd)).length).toBeLessThan(4000)
  })

  it('accept the examples of their kinds and know all of their fields', async () => {
    const schemas = compileAll()
    let checked = 0
    for (const example of examples) {
      const { group, version } = parseGroupVersion(example.apiVersion)
      const schema = schemas.get(`${group}/${version}/${example.kind}`)
      if (schema === undefined) continue
      const name = `${example.kind} ${example.metadata.name}`
      expect([name, schema.prune(example)]).toEqual([name, []])
      schema.applyDefaults(example)
      await schema.loadRules()
      expect([name, formatFieldErrors(schema.validate(example))]).toEqual([name, ''])
      checked++
    }
    expect(checked).toBeGreaterThan(80)
  })

  it('fill in the defaults of an HTTPRoute', () => {
    const schema = compileAll().get('gateway.networking.k8s.io/v1/HTTPRoute')!
    const route: Unstructured = {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: { name: 'r' },
      spec: { parentRefs: [{ name: 'gateway' }], rules: [{ backendRefs: [{ name: 'svc', port: 80 }] }] },
    }

    schema.applyDefaults(route)

    expect(route.spec).toEqual({
      parentRefs: [{ name: 'gateway', group: 'gateway.networking.k8s.io', kind: 'Gateway' }],
      rules: [
        {
          backendRefs: [{ name: 'svc', port: 80, group: '', kind: 'Service', weight: 1 }],
          matches: [{ path: { type: 'PathPrefix', value: '/' } }],
        },
      ],
    })
  })
})
