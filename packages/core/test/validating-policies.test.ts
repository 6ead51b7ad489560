import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { createRuntime, mergePatch, type Runtime } from '@k1s/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { apiRequest, failure } from './each-store.ts'
import { ConfigMaps, configMap, item, itemDefinition, namespace, secret } from './kinds.ts'
import { configMapRule, validateWith, validatingBinding, validatingPolicy } from './policies.ts'

let runtime: Runtime

beforeEach(async () => {
  runtime = await createRuntime({ storage: { type: 'memory' } })
})

afterEach(() => runtime.close())

const noSecretWord = { validations: [{ expression: "!has(object.data) || !('password' in object.data)" }] }
const withPassword = () => configMap('a', { data: { password: 'x' } })

describe('a policy in force', () => {
  test('denies what its expression does not hold for, with the words of Kubernetes', async () => {
    await validateWith(runtime.client, 'no-passwords', noSecretWord)
    const message =
      "ValidatingAdmissionPolicy 'no-passwords' with binding 'no-passwords-binding' denied request: failed expression: !has(object.data) || !('password' in object.data)"
    expect(await failure(runtime.client.create(withPassword()))).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      code: 422,
      reason: 'Invalid',
      message: `configmaps "a" is forbidden: ${message}`,
      details: { name: 'a', kind: 'configmaps', causes: [{ message }] },
    })
    await runtime.client.create(configMap('a', { data: { other: 'x' } }))
    const patch = mergePatch({ data: { password: 'x' } })
    expect((await failure(runtime.client.patch(configMap('a'), patch))).message).toContain('denied request')
    expect(await runtime.client.get(ConfigMaps, { name: 'a' })).toMatchObject({ data: { other: 'x' } })
  })

  test.each([
    ['Forbidden', 403],
    ['RequestEntityTooLarge', 413],
    ['Invalid', 422],
  ])('answers with its reason %s and code %i', async (reason, code) => {
    await validateWith(runtime.client, 'p', { validations: [{ expression: 'false', reason }] })
    expect(await failure(runtime.client.create(configMap('a')))).toMatchObject({ reason, code })
  })

  test('has effect at once, and none once its binding or it is gone', async () => {
    const { client } = runtime
    await client.create(validatingPolicy('p', { validations: [{ expression: 'false' }] }))
    await client.create(configMap('unbound'))
    await client.create(validatingBinding('b', 'p'))
    await failure(client.create(configMap('a')))
    const changed = mergePatch({ spec: { validations: [{ expression: 'true' }] } })
    await client.patch(validatingPolicy('p', {}), changed)
    await client.create(configMap('a'))
    await client.patch(
      validatingPolicy('p', {}),
      mergePatch({ spec: { validations: [{ expression: 'false' }] } }),
    )
    await failure(client.create(configMap('b')))
    await client.delete(validatingBinding('b', 'p'))
    await client.create(configMap('b'))
  })

  test('is that of its tenant alone', async () => {
    await validateWith(runtime.client, 'p', { validations: [{ expression: 'false' }] })
    const other = await runtime.clientFor({ tenant: 'other' })
    await other.create(configMap('a'))
    await failure(runtime.client.create(configMap('a')))
  })

  test('is in force in every process that uses the store', async () => {
    const path = mkdtempSync(`${tmpdir()}/k1s-core-`)
    const open = () => createRuntime({ storage: { type: 'lmdb', durability: 'relaxed', path } })
    try {
      await using writer = await open()
      await using other = await open()
      await other.client.create(configMap('before'))
      await validateWith(writer.client, 'p', { validations: [{ expression: 'false' }] })
      await failure(other.client.create(configMap('a')))
    } finally {
      rmSync(path, { recursive: true })
    }
  })

  test('never applies to policies and bindings', async () => {
    const everything = [{ apiGroups: ['*'], apiVersions: ['*'], resources: ['*'], operations: ['*'] }]
    await validateWith(runtime.client, 'p', {
      matchConstraints: { resourceRules: everything },
      validations: [{ expression: 'false' }],
    })
    await failure(runtime.client.create(secret('a')))
    await runtime.client.create(validatingPolicy('q', { validations: [{ expression: 'true' }] }))
    await runtime.client.delete(validatingBinding('p-binding', 'p'))
    await runtime.client.create(secret('a'))
  })

  test('denies a deletion by what is there', async () => {
    await runtime.client.create(configMap('keep', { metadata: { labels: { keep: 'yes' } } }))
    await runtime.client.create(configMap('drop'))
    await validateWith(runtime.client, 'keep', {
      matchConstraints: { resourceRules: [{ ...configMapRule, operations: ['DELETE'] }] },
      validations: [
        {
          expression: "object == null && oldObject.metadata.?labels.keep.orValue('') != 'yes'",
          messageExpression: "oldObject.metadata.name + ' is to be kept'",
        },
      ],
    })
    await runtime.client.delete(configMap('drop'))
    expect((await failure(runtime.client.delete(configMap('keep')))).message).toContain(
      'denied request: keep is to be kept',
    )
    expect((await failure(runtime.client.deleteCollection(ConfigMaps))).message).toContain('is to be kept')
  })
})

describe('a message', () => {
  const messageOf = async (validation: object) => {
    await validateWith(runtime.client, 'p', { validations: [{ expression: 'false', ...validation }] })
    const { message = '' } = await failure(runtime.client.create(configMap('a', { data: { x: '1' } })))
    return message.slice(message.indexOf('denied request: ') + 'denied request: '.length)
  }

  test('is that of the expression for it', async () => {
    expect(await messageOf({ message: 'plain', messageExpression: "'x is ' + object.data.x" })).toBe('x is 1')
  })

  test.each(['object.data.nope', "' '", "'two\\nlines'"])(
    'is the plain one where the expression gives none: %s',
    async (messageExpression) => {
      expect(await messageOf({ message: ' plain ', messageExpression: `string(${messageExpression})` })).toBe(
        'plain',
      )
    },
  )
})

describe('validation actions', () => {
  const policy = { validations: [{ expression: 'true' }, { expression: 'false', message: 'no' }] }

  test('Warn lets the request pass with a warning', async () => {
    await validateWith(runtime.client, 'p', policy, { validationActions: ['Warn'] })
    const warnings: string[] = []
    await runtime.client.create(configMap('a'), { onWarning: (text) => warnings.push(text) })
    expect(warnings).toEqual([
      "Validation failed for ValidatingAdmissionPolicy 'p' with binding 'p-binding': no",
    ])
  })

  test('Audit annotates the audit event', async () => {
    await validateWith(runtime.client, 'p', policy, { validationActions: ['Audit', 'Warn'] })
    const annotations: { [key: string]: string } = {}
    const annotate = (key: string, value: string) => {
      annotations[key] = value
    }
    const request = { verb: 'create', resource: 'configmaps', namespace: 'default', annotate } as const
    await runtime.transport.request(apiRequest({ ...request, body: configMap('a') }))
    expect(annotations).toEqual({
      'validation.policy.admission.k8s.io/validation_failure':
        '[{"message":"no","policy":"p","binding":"p-binding","expressionIndex":1,"validationActions":["Audit","Warn"]}]',
    })
  })

  test('audit annotations are published under the name of the policy, null and empty ones are not', async () => {
    await validateWith(runtime.client, 'p', {
      auditAnnotations: [
        { key: 'who', valueExpression: "request.userInfo.username + ' did ' + request.operation" },
        { key: 'nothing', valueExpression: 'null' },
        { key: 'empty', valueExpression: "' '" },
      ],
    })
    const annotations: [string, string][] = []
    const annotate = (key: string, value: string) => annotations.push([key, value])
    const request = { verb: 'create', resource: 'configmaps', namespace: 'default' } as const
    await runtime.transport.request(apiRequest({ ...request, body: configMap('a'), annotate }))
    expect(annotations).toEqual([['p/who', 'test did CREATE']])
  })

  test('an audit annotation that cannot be made denies, whatever the actions are', async () => {
    await validateWith(
      runtime.client,
      'p',
      { auditAnnotations: [{ key: 'x', valueExpression: 'string(object.nope)' }] },
      { validationActions: ['Audit'] },
    )
    expect((await failure(runtime.client.create(configMap('a')))).message).toContain(
      "denied request: expression 'string(object.nope)' resulted in error: no such key: nope",
    )
  })
})

describe('an expression that fails', () => {
  const failing = { validations: [{ expression: "object.spec.nope == 'x'" }] }

  test('denies with the error', async () => {
    await validateWith(runtime.client, 'p', failing)
    expect((await failure(runtime.client.create(configMap('a')))).message).toContain(
      "denied request: expression 'object.spec.nope == 'x'' resulted in error: no such key: spec",
    )
  })

  test('is passed over where failures are to be ignored, but a false one still denies', async () => {
    const validations = [...failing.validations, { expression: "object.metadata.name != 'bad'" }]
    await validateWith(runtime.client, 'p', { validations, failurePolicy: 'Ignore' })
    await runtime.client.create(configMap('a'))
    await failure(runtime.client.create(configMap('bad')))
  })

  test('by its cost is stopped', async () => {
    const data = Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`k${index}`, 'x']))
    const expression = 'object.data.all(a, object.data.all(b, object.data.all(c, a + b + c != "")))'
    await validateWith(runtime.client, 'exploding', { validations: [{ expression }] })
    const { message, code } = await failure(runtime.client.create(configMap('a', { data })))
    expect(code).toBe(422)
    expect(message).toContain('denied request: ')
    expect(message).toContain('cost')
  })
})

describe('variables', () => {
  test('are evaluated when they are asked for, and see those before them', async () => {
    await validateWith(runtime.client, 'p', {
      variables: [
        { name: 'data', expression: 'object.?data.orValue({})' },
        { name: 'keys', expression: 'variables.data.map(k, k)' },
        { name: 'broken', expression: 'object.nope.nope' },
      ],
      validations: [
        {
          expression: 'size(variables.keys) < 2',
          messageExpression: "'too many: ' + string(size(variables.keys))",
        },
        { expression: "object.metadata.name != 'broken' || variables.broken == 1" },
      ],
    })
    await runtime.client.create(configMap('a', { data: { x: '1' } }))
    expect(
      (await failure(runtime.client.create(configMap('b', { data: { x: '1', y: '2' } })))).message,
    ).toContain('too many: 2')
    expect((await failure(runtime.client.create(configMap('broken')))).message).toContain(
      `resulted in error: composited variable "broken" fails to evaluate: no such key: nope`,
    )
  })

  test('show the request, the namespace and what changes', async () => {
    await runtime.client.create(namespace('prod', { metadata: { labels: { stage: 'prod' } } }))
    await validateWith(runtime.client, 'p', {
      validations: [
        { expression: "namespaceObject.metadata.?labels.stage.orValue('') != 'prod' || request.dryRun" },
        { expression: 'oldObject == null || oldObject.data.x == object.data.x', message: 'x stays' },
        { expression: "request.resource.resource == 'configmaps' && request.kind.kind == 'ConfigMap'" },
        { expression: '!has(request.subResource) && request.namespace == object.metadata.namespace' },
        { expression: "request.operation != 'CREATE' || request.options.kind == 'CreateOptions'" },
      ],
    })
    const inProd = configMap('a', { metadata: { namespace: 'prod' } })
    await failure(runtime.client.create(inProd))
    await runtime.client.create(inProd, { dryRun: true })
    await runtime.client.create(configMap('a', { data: { x: '1' } }))
    const patch = mergePatch({ data: { x: '2' } })
    expect((await failure(runtime.client.patch(configMap('a'), patch))).message).toContain('x stays')
  })
})

describe('match conditions', () => {
  const always = { validations: [{ expression: 'false' }] }

  test('restrict what a policy applies to', async () => {
    await validateWith(runtime.client, 'p', {
      ...always,
      matchConditions: [
        { name: 'named', expression: "object.metadata.name.startsWith('x')" },
        { name: 'not-admin', expression: "request.userInfo.username != 'admin'" },
      ],
    })
    await runtime.client.create(configMap('a'))
    await failure(runtime.client.create(configMap('x')))
    const admin = await runtime.clientFor({ user: { name: 'admin' } })
    await admin.create(configMap('x'))
  })

  test('may ask for the groups of a user that was given none', async () => {
    await validateWith(runtime.client, 'p', {
      ...always,
      matchConditions: [
        { name: 'known', expression: "'system:authenticated' in request.userInfo.groups" },
        { name: 'no-node', expression: "!('system:nodes' in request.userInfo.groups)" },
      ],
    })
    const jane = await runtime.clientFor({ user: { name: 'jane' } })
    expect((await failure(jane.create(configMap('a')))).message).toContain('failed expression: false')
    const anonymous = await runtime.clientFor({
      user: { name: 'system:anonymous', groups: ['system:unauthenticated'] },
    })
    await anonymous.create(configMap('a'))
  })

  test('that fail count as the failure policy says, unless another is false', async () => {
    const matchConditions = [
      { name: 'broken', expression: 'object.nope == 1' },
      { name: 'named', expression: "object.metadata.name.startsWith('x')" },
    ]
    await validateWith(runtime.client, 'p', { ...always, matchConditions })
    await runtime.client.create(configMap('a'))
    expect((await failure(runtime.client.create(configMap('x')))).message).toContain(
      "denied request: expression 'object.nope == 1' resulted in error: no such key: nope",
    )
    await runtime.client.patch(validatingPolicy('p', {}), mergePatch({ spec: { failurePolicy: 'Ignore' } }))
    await runtime.client.create(configMap('x'))
  })
})

describe('matching', () => {
  const always = { validations: [{ expression: 'false' }] }

  test('is by selectors of namespaces and objects, names, and exclusions', async () => {
    await runtime.client.create(namespace('prod', { metadata: { labels: { stage: 'prod' } } }))
    await validateWith(runtime.client, 'p', {
      ...always,
      matchConstraints: {
        resourceRules: [configMapRule],
        excludeResourceRules: [{ ...configMapRule, resourceNames: ['excluded'] }],
        namespaceSelector: { matchLabels: { stage: 'prod' } },
        objectSelector: { matchExpressions: [{ key: 'free', operator: 'DoesNotExist' }] },
      },
    })
    const inProd = (name: string, labels = {}) => configMap(name, { metadata: { namespace: 'prod', labels } })
    await runtime.client.create(configMap('a'))
    await failure(runtime.client.create(inProd('a')))
    await runtime.client.create(inProd('a', { free: 'yes' }))
    await runtime.client.create(inProd('excluded'))
  })

  test('is restricted further by bindings', async () => {
    await validateWith(runtime.client, 'p', always, {
      matchResources: { resourceRules: [{ ...configMapRule, resourceNames: ['special'] }] },
    })
    await runtime.client.create(configMap('a'))
    await failure(runtime.client.create(configMap('special')))
  })

  test('means other versions of the objects too, converted, unless it is exact', async () => {
    const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } }
    const definition = itemDefinition()
    definition.spec.versions = [
      { name: 'v1', served: true, storage: true, schema },
      { name: 'v2', served: true, storage: false, schema },
    ]
    await runtime.client.create(definition)
    const rule = {
      apiGroups: ['inventory.example.com'],
      apiVersions: ['v1'],
      resources: ['items'],
      operations: ['CREATE'],
    }
    const expression =
      "object.apiVersion == 'inventory.example.com/v2' || request.kind.version != 'v1' || request.requestKind.version != 'v2'"
    const policy = validatingPolicy('p', { validations: [{ expression }] })
    policy.spec = { ...(policy.spec as object), matchConstraints: { resourceRules: [rule] } }
    await runtime.client.create(policy)
    await runtime.client.create(validatingBinding('b', 'p'))
    await runtime.client.create(item('a'))
    const v2 = { ...item('b'), apiVersion: 'inventory.example.com/v2' }
    await failure(runtime.client.create(v2))
    await runtime.client.patch(policy, mergePatch({ spec: { matchConstraints: { matchPolicy: 'Exact' } } }))
    await runtime.client.create(v2)
  })

  test('includes subresources only where they are named', async () => {
    await runtime.client.create(itemDefinition())
    await runtime.client.create(item('a', { spec: { quantity: 1 } }))
    const rule = (resource: string) => ({
      apiGroups: ['inventory.example.com'],
      apiVersions: ['*'],
      resources: [resource],
      operations: ['UPDATE'],
    })
    await validateWith(runtime.client, 'status', {
      matchConstraints: { resourceRules: [rule('items/status')] },
      validations: [{ expression: "object.status.phase != 'Bad' && request.subResource == 'status'" }],
    })
    await validateWith(runtime.client, 'scale', {
      matchConstraints: { resourceRules: [rule('items/scale')] },
      validations: [{ expression: "object.kind == 'Scale' && object.spec.replicas < 10" }],
    })
    const { client } = runtime
    await client.patch(item('a'), mergePatch({ spec: { quantity: 20 } }))
    await client.status.patch(item('a'), mergePatch({ status: { phase: 'Good' } }))
    await failure(client.status.patch(item('a'), mergePatch({ status: { phase: 'Bad' } })))
    const scale = client.subresource('scale')
    await scale.patch(item('a'), mergePatch({ spec: { replicas: 5 } }))
    await failure(scale.patch(item('a'), mergePatch({ spec: { replicas: 11 } })))
  })
})

describe('parameters', () => {
  const limited = {
    paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
    matchConstraints: { resourceRules: [{ ...configMapRule, resources: ['secrets'] }] },
    validations: [
      {
        expression: 'params == null || size(object.?data.orValue({})) <= int(params.data.max)',
        messageExpression: "'at most ' + params.data.max",
      },
    ],
  }
  const limit = (name: string, max: string, labels = {}) =>
    configMap(name, { metadata: { namespace: 'default', labels }, data: { max } })
  const twoKeys = secret('two', { stringData: { a: '1', b: '2' } })

  test('are an object that the binding names', async () => {
    await runtime.client.create(limit('limits', '1'))
    await validateWith(runtime.client, 'p', limited, {
      paramRef: { name: 'limits', namespace: 'default', parameterNotFoundAction: 'Deny' },
    })
    expect((await failure(runtime.client.create(twoKeys))).message).toContain('denied request: at most 1')
    await runtime.client.patch(configMap('limits'), mergePatch({ data: { max: '2' } }))
    await runtime.client.create(twoKeys)
  })

  test('are looked for in the namespace of the request if the binding names none', async () => {
    await runtime.client.create(namespace('other'))
    await runtime.client.create(limit('limits', '1'))
    await validateWith(runtime.client, 'p', limited, {
      paramRef: { name: 'limits', parameterNotFoundAction: 'Allow' },
    })
    await failure(runtime.client.create(twoKeys))
    await runtime.client.create({ ...twoKeys, metadata: { name: 'two', namespace: 'other' } })
  })

  test('that are not there deny or allow, as the binding says', async () => {
    await validateWith(runtime.client, 'p', limited, {
      paramRef: { name: 'limits', parameterNotFoundAction: 'Deny' },
    })
    expect((await failure(runtime.client.create(twoKeys))).message).toContain(
      "ValidatingAdmissionPolicy 'p' with binding 'p-binding' denied request: failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction",
    )
  })

  test('are all objects that a selector selects, each of which must allow', async () => {
    await runtime.client.create(limit('loose', '5', { for: 'secrets' }))
    await validateWith(runtime.client, 'p', limited, {
      paramRef: { selector: { matchLabels: { for: 'secrets' } }, parameterNotFoundAction: 'Allow' },
    })
    await runtime.client.create({ ...twoKeys, metadata: { name: 'first' } })
    await runtime.client.create(limit('strict', '1', { for: 'secrets' }))
    expect((await failure(runtime.client.create(twoKeys))).message).toContain('at most 1')
  })

  test('of a kind that is not there deny', async () => {
    const paramKind = { apiVersion: 'rules.example.com/v1', kind: 'Limit' }
    await validateWith(runtime.client, 'p', { ...limited, paramKind })
    expect((await failure(runtime.client.create(twoKeys))).message).toContain(
      "ValidatingAdmissionPolicy 'p' denied request: failed to configure policy: failed to find resource referenced by paramKind: 'rules.example.com/v1, Kind=Limit'",
    )
  })

  test('are null for a binding without them', async () => {
    await validateWith(runtime.client, 'p', limited)
    await runtime.client.create(twoKeys)
  })
})

describe('the status of a policy', () => {
  const itemRule = {
    apiGroups: ['inventory.example.com'],
    apiVersions: ['v1'],
    resources: ['items'],
    operations: ['CREATE'],
  }
  const spec = (expression: string, rule: object = itemRule) => ({
    matchConstraints: { resourceRules: [rule] },
    variables: [{ name: 'spec', expression: 'object.spec' }],
    validations: [{ expression, messageExpression: "'color is ' + object.spec.color" }],
  })

  test('says what its expressions get wrong about the kinds that it names', async () => {
    await runtime.client.create(itemDefinition())
    const expression = "object.metadata.labels['a'] == 'b' && object.spec.colour == 'red'"
    const policy = await runtime.client.create(validatingPolicy('p', spec(expression)))
    const warning = `inventory.example.com/v1, Kind=Item: ERROR: <input>:1:50: undefined field 'colour'
 | object.metadata.labels['a'] == 'b' && object.spec.colour == 'red'
 | .................................................^
`
    expect(policy.status).toEqual({
      observedGeneration: 1,
      typeChecking: { expressionWarnings: [{ fieldRef: 'spec.validations[0].expression', warning }] },
    })
    const fixed = { validations: [{ expression: "object.spec.color == 'red'" }] }
    expect((await runtime.client.patch(policy, mergePatch({ spec: fixed }))).status).toEqual({
      observedGeneration: 2,
      typeChecking: {},
    })
  })

  test('is checked against built-in kinds too', async () => {
    const rule = { ...configMapRule, resources: ['configmaps', 'configmaps/status'] }
    const policy = validatingPolicy('p', spec('variables.spec == null && size(object.data) < 10', rule))
    const { status } = await runtime.client.create(policy)
    const { expressionWarnings = [] } = (
      status as { typeChecking: { expressionWarnings?: { warning: string }[] } }
    ).typeChecking
    expect(expressionWarnings.map(({ warning }) => warning)).toEqual([
      expect.stringContaining("/v1, Kind=ConfigMap: ERROR: <input>:1:21: undefined field 'spec'"),
    ])
  })
})

describe('tables', () => {
  test('show what Kubernetes shows', async () => {
    await validateWith(
      runtime.client,
      'p',
      { validations: [{ expression: 'true' }], paramKind: { apiVersion: 'v1', kind: 'ConfigMap' } },
      { paramRef: { name: 'limits', parameterNotFoundAction: 'Deny' } },
    )
    const kind = (name: string, plural: string) => ({
      group: 'admissionregistration.k8s.io',
      version: 'v1',
      kind: name,
      plural,
      namespaced: false,
    })
    const policies = await runtime.client.table(
      kind('ValidatingAdmissionPolicy', 'validatingadmissionpolicies'),
    )
    expect(policies.columnDefinitions.map(({ name }) => name)).toEqual([
      'Name',
      'Validations',
      'ParamKind',
      'Age',
    ])
    expect(policies.rows[0]?.cells.slice(0, 3)).toEqual(['p', 1, 'v1/ConfigMap'])
    const bindings = await runtime.client.table(
      kind('ValidatingAdmissionPolicyBinding', 'validatingadmissionpolicybindings'),
    )
    expect(bindings.rows[0]?.cells.slice(0, 3)).toEqual(['p-binding', 'p', '*/limits'])
  })
})
