import { formatFieldError, type Unstructured } from '@k1s/apimachinery'
import { describe, expect, it } from 'vitest'
import { checkRules } from '../schema-rules/check-rules.ts'
import { crdDefinition } from './compact-definition.ts'
import type { CustomResourceDefinition } from './custom-resource-definition.ts'
import { decodeCustomResourceDefinition } from './decode-custom-resource-definition.ts'
import { defaultCustomResourceDefinition } from './default-custom-resource-definition.ts'
import { establishConditions } from './establish-conditions.ts'
import {
  validateCustomResourceDefinition,
  validateCustomResourceDefinitionUpdate,
} from './validate-custom-resource-definition.ts'

function definition(change: (crd: CustomResourceDefinition) => void = () => {}): CustomResourceDefinition {
  const crd: CustomResourceDefinition = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'foos.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'foos', kind: 'Foo' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: { spec: { type: 'object', properties: { color: { type: 'string' } } } },
            },
          },
        },
      ],
    },
  }
  change(crd)
  defaultCustomResourceDefinition(crd)
  return crd
}

function texts(change: (crd: CustomResourceDefinition) => void): string[] {
  return validateCustomResourceDefinition(definition(change), checkRules).map(formatFieldError)
}

describe('a definition', () => {
  it('needs little more than names, group, scope and a schema', () => {
    const crd = definition()

    expect(validateCustomResourceDefinition(crd, checkRules)).toEqual([])
    expect(crd.spec.names).toEqual({ plural: 'foos', kind: 'Foo', singular: 'foo', listKind: 'FooList' })
    expect(crd.spec.conversion).toEqual({ strategy: 'None' })
    expect(crd.status).toEqual({ storedVersions: ['v1'] })
  })

  it.each<[string, (crd: CustomResourceDefinition) => void, string[]]>([
    [
      'a name that is not plural and group',
      (crd) => {
        crd.metadata.name = 'x'
      },
      ['metadata.name: Invalid value: "x": must be spec.names.plural+"."+spec.group'],
    ],
    [
      'an unknown scope',
      (crd) => {
        crd.spec.scope = 'Global' as 'Cluster'
      },
      ['spec.scope: Unsupported value: "Global": supported values: "Cluster", "Namespaced"'],
    ],
    [
      'no schema',
      (crd) => {
        delete crd.spec.versions[0]!.schema
      },
      ['spec.versions[0].schema.openAPIV3Schema: Required value'],
    ],
    [
      'a conversion webhook',
      (crd) => {
        crd.spec.conversion = { strategy: 'Webhook' }
      },
      [
        'spec.conversion.strategy: Invalid value: "Webhook": conversion webhooks cannot be called by k1s; use strategy None, which changes apiVersion alone',
      ],
    ],
    [
      'two storage versions',
      (crd) => {
        crd.spec.versions.push({ ...crd.spec.versions[0]!, name: 'v2' })
      },
      [
        'spec.versions: Invalid value: ["v1","v2"]: must have exactly one version marked as storage version',
        'status.storedVersions: Invalid value: ["v1"]: must have the storage version v2',
      ],
    ],
    [
      'wrong printer columns',
      (crd) => {
        const wrong = { name: 'a', type: 'foo', jsonPath: 'x', format: 'zz' }
        crd.spec.versions[0]!.additionalPrinterColumns = [wrong]
      },
      [
        'spec.additionalPrinterColumns[0].type: Invalid value: "foo": must be one of boolean,date,integer,number,string',
        'spec.additionalPrinterColumns[0].format: Invalid value: "zz": must be one of byte,date,date-time,double,float,int32,int64,password',
        'spec.additionalPrinterColumns[0].JSONPath: Invalid value: "x": must be a simple json path starting with .',
      ],
    ],
    [
      'wrong scale paths',
      (crd) => {
        const scale = { specReplicasPath: '.status.x', statusReplicasPath: '', labelSelectorPath: '.foo' }
        crd.spec.versions[0]!.subresources = { scale }
      },
      [
        'spec.subresources.scale.specReplicasPath: Invalid value: ".status.x": should be a json path under .spec',
        'spec.subresources.scale.statusReplicasPath: Required value',
        'spec.subresources.scale.labelSelectorPath: Invalid value: ".foo": should be a json path under either .spec or .status',
      ],
    ],
    [
      'wrong selectable fields',
      (crd) => {
        const paths = [
          '.spec.color',
          '.spec.color',
          '.spec',
          '.spec.size',
          ".spec['color']",
          '.metadata.name',
        ]
        crd.spec.versions[0]!.selectableFields = paths.map((jsonPath) => ({ jsonPath }))
      },
      [
        'spec.selectableFields[1].jsonPath: Duplicate value: ".spec.color"',
        'spec.selectableFields[2].jsonPath: Invalid value: ".spec": must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.',
        'spec.selectableFields[3].jsonPath: Invalid value: ".spec.size": is an invalid path: does not refer to a valid field',
        `spec.selectableFields[4].jsonPath: Invalid value: ".spec['color']": is an invalid path: array notation is not allowed`,
        'spec.selectableFields[5].jsonPath: Invalid value: ".metadata.name": is an invalid path: does not refer to a valid field',
      ],
    ],
    [
      'a protected group',
      (crd) => {
        crd.spec.group = 'foo.k8s.io'
        crd.metadata.name = 'foos.foo.k8s.io'
      },
      [
        'metadata.annotations[api-approved.kubernetes.io]: Required value: protected groups must have approval annotation "api-approved.kubernetes.io", see https://github.com/kubernetes/enhancements/pull/1111',
      ],
    ],
  ])('is refused with %s', (_, change, errors) => {
    expect(texts(change)).toEqual(errors)
  })

  it('reports a version by itself only where versions differ', () => {
    const wrong = { openAPIV3Schema: { type: 'object', properties: { a: {} } } }
    const errors = texts((crd) => {
      crd.spec.versions.push({ name: 'v2', served: true, storage: false, schema: wrong })
    })

    expect(errors).toEqual([
      'spec.versions[1].schema.openAPIV3Schema.properties[a].type: Required value: must not be empty for specified object fields',
    ])
  })
})

describe('an update of a definition', () => {
  const old = definition((crd) => {
    establishConditions(crd, { hasResource: () => false, hasKind: () => false }, '2026-01-01T00:00:00Z')
  })

  it('keeps group and names, and scope and kind once it is established', () => {
    const crd = structuredClone(old)
    crd.spec.scope = 'Cluster'
    crd.spec.names.kind = 'Bar'

    expect(validateCustomResourceDefinitionUpdate(crd, old, checkRules).map(formatFieldError)).toEqual([
      'spec.scope: Invalid value: "Cluster": field is immutable',
      'spec.names.kind: Invalid value: "Bar": field is immutable',
    ])
  })

  it('keeps versions in which objects may be stored', () => {
    const crd = structuredClone(old)
    crd.spec.versions[0]!.name = 'v2'
    defaultCustomResourceDefinition(crd)

    expect(validateCustomResourceDefinitionUpdate(crd, old, checkRules).map(formatFieldError)).toEqual([
      'status.storedVersions[0]: Invalid value: "v1": missing from spec.versions; v1 was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in v1 and removes v1 from status.storedVersions',
    ])
  })
})

describe('decoding', () => {
  const decode = (change: (crd: { spec: { [name: string]: unknown } }) => void) => {
    const crd = structuredClone(definition()) as unknown as { spec: { [name: string]: unknown } }
    change(crd)
    return decodeCustomResourceDefinition(crd as unknown as Unstructured)
  }

  it('says which value has a wrong type', () => {
    const decoded = decode((crd) => {
      crd.spec.versions = 'v1'
    })

    expect(decoded).toEqual({
      error:
        'json: cannot unmarshal string into Go struct field CustomResourceDefinitionSpec.spec.versions of type []v1.CustomResourceDefinitionVersion',
    })
  })

  it('drops unknown fields and nulls', () => {
    const decoded = decode((crd) => {
      crd.spec.foo = 1
      crd.spec.conversion = null
    })

    expect(decoded).toMatchObject({ unknown: ['spec.foo'] })
    expect('crd' in decoded && Object.keys(decoded.crd.spec)).toEqual(['group', 'scope', 'names', 'versions'])
  })
})

describe('names', () => {
  const now = '2026-01-01T00:00:00Z'

  it('are accepted when free, and the definition is established', () => {
    const crd = definition()
    establishConditions(crd, { hasResource: () => false, hasKind: () => false }, now)

    expect(crd.status).toEqual({
      storedVersions: ['v1'],
      acceptedNames: { plural: 'foos', kind: 'Foo', singular: 'foo', listKind: 'FooList' },
      conditions: [
        {
          type: 'NamesAccepted',
          status: 'True',
          reason: 'NoConflicts',
          message: 'no conflicts found',
          lastTransitionTime: now,
        },
        {
          type: 'Established',
          status: 'True',
          reason: 'InitialNamesAccepted',
          message: 'the initial names have been accepted',
          lastTransitionTime: now,
        },
      ],
    })
  })

  it('that belong to another definition keep this one from being established', () => {
    const crd = definition((crd) => {
      crd.spec.names.shortNames = ['f', 'fo']
    })
    const used = { hasResource: (name: string) => name === 'f' || name === 'fo', hasKind: () => false }
    establishConditions(crd, used, now)

    expect(crd.status?.conditions).toMatchObject([
      {
        status: 'False',
        reason: 'ShortNamesConflict',
        message: '["f" is already in use, "fo" is already in use]',
      },
      { status: 'False', reason: 'NotAccepted', message: 'not all names are accepted' },
    ])
    expect(crd.status?.acceptedNames?.shortNames).toBeUndefined()
  })

  it('that were accepted stay, without a transition', () => {
    const crd = definition()
    establishConditions(crd, { hasResource: () => false, hasKind: () => false }, now)
    const before = structuredClone(crd.status)
    establishConditions(crd, { hasResource: () => true, hasKind: () => true }, '2026-02-02T00:00:00Z')

    expect(crd.status).toEqual(before)
  })
})

it('shrinks to what discovery needs', () => {
  const crd = definition((crd) => {
    Object.assign(crd.spec.versions[0]!, {
      deprecated: true,
      subresources: { status: {}, scale: { specReplicasPath: '.spec.n', statusReplicasPath: '.status.n' } },
      additionalPrinterColumns: [{ name: 'Color', type: 'string', jsonPath: '.spec.color' }],
      selectableFields: [{ jsonPath: '.spec.color' }],
    })
  })

  expect(crdDefinition(crd)).toEqual({
    group: 'example.com',
    kind: 'Foo',
    listKind: 'FooList',
    plural: 'foos',
    singular: 'foo',
    shortNames: [],
    categories: [],
    scope: 'Namespaced',
    storageVersion: 'v1',
    preserveUnknownFields: false,
    versions: [
      {
        name: 'v1',
        served: true,
        deprecationWarning: 'example.com/v1 Foo is deprecated',
        statusSubresource: true,
        scaleSubresource: { specReplicasPath: '.spec.n', statusReplicasPath: '.status.n' },
        printerColumns: [
          { name: 'Color', type: 'string', format: '', description: '', priority: 0, value: '.spec.color' },
        ],
        selectableFields: ['.spec.color'],
        hasSchema: true,
      },
    ],
  })
})
