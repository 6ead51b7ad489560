import type { Unstructured } from '@k1s/apimachinery'
import { jsonPatch, mergePatch, strategicMergePatch } from '@k1s/core'
import { describe, expect, test, vi } from 'vitest'
import { failure, onEachStore } from './each-store.ts'
import { ConfigMaps, configMap, Events, EventsEvents, Secrets, ServiceAccounts, secret } from './kinds.ts'

const base64 = (text: string) => Buffer.from(text).toString('base64')

onEachStore((opened) => {
  const messageOf = async (write: Promise<unknown>) => (await failure(write)).message

  describe('a Secret', () => {
    test('has stringData merged into data, and is Opaque', async () => {
      const sent = secret('a', { data: { x: base64('1'), y: base64('2') }, stringData: { y: 'ü', z: '3' } })
      const created = await opened.client.create(sent)
      expect(created.data).toEqual({ x: base64('1'), y: base64('ü'), z: base64('3') })
      expect(created).not.toHaveProperty('stringData')
      expect(created.type).toBe('Opaque')
      const patched = await opened.client.patch(secret('a'), mergePatch({ stringData: { x: 'new' } }))
      expect(patched.data?.x).toBe(base64('new'))
    })

    test.each(['%%%', 'a', 'YQ', 'YQ=', 'Y Q=='])('refuses %j, which is not base64', async (text) => {
      expect(await failure(opened.client.create(secret('a', { data: { x: text } })))).toMatchObject({
        code: 400,
        message: expect.stringMatching(
          /^Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte \d+$/,
        ),
      })
    })

    test('refuses a patch with what is not base64, in the words for each type of patch', async () => {
      const created = await opened.client.create(secret('a'))
      const body = { data: { c: '???' } }
      const problem = 'illegal base64 data at input byte 0'
      expect(await failure(opened.client.patch(created, strategicMergePatch(body)))).toMatchObject({
        code: 422,
        message: ` "" is invalid: patch: Invalid value: "map[data:map[c:???]]": error decoding from json: ${problem}`,
      })
      const add = jsonPatch([{ op: 'add', path: '/data', value: body.data }])
      const applied = { ...secret('a'), ...body }
      expect(await failure(opened.client.apply(applied, { fieldManager: 'test' }))).toMatchObject({
        code: 500,
        message: `failed to convert new object (default/a; /v1, Kind=Secret) to proper version: unable to convert unstructured object to /v1, Kind=Secret: error decoding from json: ${problem}`,
      })
      for (const patch of [mergePatch(body), add]) {
        const { code, message } = await failure(opened.client.patch(created, patch))
        expect(code).toBe(422)
        expect(message).toMatch(
          /^ "" is invalid: patch: Invalid value: "\{\\"apiVersion\\":\\"v1\\",\\"data\\":\{\\"c\\":\\"\?\?\?\\"\},.*": /,
        )
        expect(message).toContain(`": ${problem}`)
      }
    })

    test('keeps its type', async () => {
      const created = await opened.client.create(secret('a'))
      expect(await messageOf(opened.client.update({ ...created, type: 'other' }))).toBe(
        'Secret "a" is invalid: type: Invalid value: "other": field is immutable',
      )
      const { type: _, ...untyped } = created
      expect((await opened.client.update(untyped as typeof created)).type).toBe('Opaque')
    })

    test.each([
      ['kubernetes.io/tls', {}, 'data[tls.crt]: Required value, data[tls.key]: Required value'],
      ['kubernetes.io/ssh-auth', {}, 'data[ssh-privatekey]: Required value'],
      ['kubernetes.io/dockercfg', {}, 'data[.dockercfg]: Required value'],
      [
        'kubernetes.io/dockerconfigjson',
        { '.dockerconfigjson': base64('{') },
        'data[.dockerconfigjson]: Invalid value: "<secret contents redacted>": ',
      ],
      ['kubernetes.io/basic-auth', {}, 'data[username]: Required value, data[password]: Required value'],
      [
        'kubernetes.io/service-account-token',
        {},
        'metadata.annotations[kubernetes.io/service-account.name]: Required value',
      ],
    ])('of type %s is checked', async (type, data, expected) => {
      const { code, message } = await failure(opened.client.create(secret('a', { type, data })))
      expect(code).toBe(422)
      expect(message?.replaceAll(/[[\]]/g, '')).toContain(expected.replaceAll(/[[\]]/g, ''))
    })

    test('of a type with what it needs is stored', async () => {
      await opened.client.create(
        secret('a', { type: 'kubernetes.io/tls', data: { 'tls.crt': '', 'tls.key': '' } }),
      )
      await opened.client.create(
        secret('b', { type: 'kubernetes.io/basic-auth', stringData: { username: 'me' } }),
      )
    })

    test('has at most 1 MiB', async () => {
      const { code, message } = await failure(
        opened.client.create(secret('a', { stringData: { x: 'x'.repeat(1024 * 1024 + 1) } })),
      )
      expect([code, message]).toEqual([
        422,
        'Secret "a" is invalid: data: Too long: may not be more than 1048576 bytes',
      ])
    })

    test('checks keys', async () => {
      expect(await messageOf(opened.client.create(secret('a', { stringData: { 'a/b': 'x' } })))).toContain(
        'data[a/b]: Invalid value: "a/b": a valid config key must consist of alphanumeric characters',
      )
    })

    test('that is immutable stays so', async () => {
      const created = await opened.client.create(secret('a', { immutable: true, stringData: { x: '1' } }))
      expect(await messageOf(opened.client.update({ ...created, immutable: false }))).toBe(
        'Secret "a" is invalid: immutable: Forbidden: field is immutable when `immutable` is set',
      )
      expect(await messageOf(opened.client.update({ ...created, data: {} }))).toContain(
        'data: Forbidden: field is immutable when `immutable` is set',
      )
      await opened.client.update({ ...created, metadata: { ...created.metadata, labels: { a: 'b' } } })
    })
  })

  describe('a ConfigMap', () => {
    test('keeps data and binaryData apart', async () => {
      const object = configMap('a', { data: { x: '1' }, binaryData: { x: base64('1') } })
      expect(await messageOf(opened.client.create(object))).toBe(
        'ConfigMap "a" is invalid: data[x]: Invalid value: "x": duplicate of key present in binaryData',
      )
    })

    test.each(['', '.', '..', 'a b', 'a/b', '..a', 'ü', 'x'.repeat(254)])(
      'refuses the key %j',
      async (key) => {
        expect(await failure(opened.client.create(configMap('a', { data: { [key]: 'x' } })))).toMatchObject({
          code: 422,
        })
        expect(
          await failure(opened.client.create(configMap('a', { binaryData: { [key]: '' } }))),
        ).toMatchObject({ code: 422 })
      },
    )

    test.each(['a', 'A.b-c_d', '.a', 'x'.repeat(253)])('takes the key %j', async (key) => {
      expect((await opened.client.create(configMap('a', { data: { [key]: 'x' } }))).data).toEqual({
        [key]: 'x',
      })
    })

    test('refuses binaryData that is not base64', async () => {
      expect(await failure(opened.client.create(configMap('a', { binaryData: { x: '%%' } })))).toMatchObject({
        code: 400,
      })
    })

    test('has at most 1 MiB', async () => {
      expect(
        await failure(opened.client.create(configMap('a', { data: { x: 'x'.repeat(1024 * 1024 + 1) } }))),
      ).toMatchObject({
        code: 422,
        message: expect.stringContaining('Too long: may not be more than 1048576 bytes'),
      })
    })

    test('that is immutable stays so', async () => {
      const created = await opened.client.create(configMap('a', { immutable: true, data: { x: '1' } }))
      expect(await messageOf(opened.client.patch(created, mergePatch({ data: { x: '2' } })))).toBe(
        'ConfigMap "a" is invalid: data: Forbidden: field is immutable when `immutable` is set',
      )
      expect(
        await messageOf(opened.client.patch(created, mergePatch({ immutable: null, binaryData: { b: '' } }))),
      ).toContain('binaryData: Forbidden')
      expect(await opened.client.delete(ConfigMaps, { name: 'a' })).toBeUndefined()
    })

    test('a null value is the empty text', async () => {
      const data = { x: null } as unknown as { x: string }
      expect((await opened.client.create(configMap('a', { data }))).data).toEqual({ x: '' })
    })
  })

  test('a ServiceAccount keeps what it refers to', async () => {
    const object = {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'a' },
      secrets: [{ name: 's' }],
      imagePullSecrets: [{ name: 'p' }],
      automountServiceAccountToken: false,
    }
    expect(await opened.client.create(object)).toMatchObject(object)
    expect(await opened.client.get(ServiceAccounts, { name: 'a' })).toMatchObject(object)
  })

  describe('an Event', () => {
    const coreEvent: Unstructured = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'a' },
      involvedObject: { kind: 'ConfigMap', namespace: 'default', name: 'x', uid: 'u' },
      reason: 'Tested',
      message: 'told',
      source: { component: 'test' },
      firstTimestamp: '2020-01-01T00:00:00Z',
      lastTimestamp: '2020-01-01T00:00:00Z',
      count: 1,
      type: 'Normal',
    }
    const event: Unstructured = {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { name: 'b' },
      eventTime: '2020-01-01T00:00:00.123456Z',
      reportingController: 'example.com/test',
      reportingInstance: 'test-1',
      action: 'Testing',
      reason: 'Tested',
      regarding: { kind: 'ConfigMap', namespace: 'default', name: 'x' },
      note: 'told',
      type: 'Warning',
    }

    test('of one group is seen through the other', async () => {
      await opened.client.create(coreEvent)
      expect(await opened.client.get(EventsEvents, { name: 'a' })).toMatchObject({
        apiVersion: 'events.k8s.io/v1',
        kind: 'Event',
        regarding: coreEvent.involvedObject,
        note: 'told',
        deprecatedSource: { component: 'test' },
        deprecatedFirstTimestamp: '2020-01-01T00:00:00Z',
        deprecatedCount: 1,
      })
      await opened.client.create(event)
      expect(await opened.client.get(Events, { name: 'b' })).toMatchObject({
        apiVersion: 'v1',
        involvedObject: event.regarding,
        message: 'told',
        reportingComponent: 'example.com/test',
        eventTime: '2020-01-01T00:00:00.123456Z',
      })
      expect((await opened.client.list(Events)).items).toHaveLength(2)
      const list = await opened.client.list(EventsEvents)
      expect(list.items.map(({ apiVersion }) => apiVersion)).toEqual(['events.k8s.io/v1', 'events.k8s.io/v1'])
      expect(await failure(opened.client.create({ ...event, metadata: { name: 'a' } }))).toMatchObject({
        code: 409,
      })
      await opened.client.delete(EventsEvents, { name: 'a' })
      expect(await failure(opened.client.get(Events, { name: 'a' }))).toMatchObject({ code: 404 })
    })

    test('is selected by what it is about, in the words of each group', async () => {
      await opened.client.create(coreEvent)
      await opened.client.create(event)
      const names = async (kind: typeof Events, fieldSelector: string) =>
        (await opened.client.list(kind, { fieldSelector })).items.map(({ metadata }) => metadata.name)
      expect(await names(Events, 'involvedObject.uid=u')).toEqual(['a'])
      expect(await names(Events, 'type=Warning,reason=Tested')).toEqual(['b'])
      expect(await names(EventsEvents, 'regarding.name=x')).toEqual(['a', 'b'])
      expect(await names(EventsEvents, 'reportingController=example.com/test')).toEqual(['b'])
      expect(await messageOf(names(Events, 'count=1'))).toContain('field label not supported: count')
    })

    test('of events.k8s.io is checked strictly', async () => {
      const { action: _, ...withoutAction } = event
      expect(await messageOf(opened.client.create(withoutAction as Unstructured))).toContain(
        'action: Required value',
      )
      expect(await failure(opened.client.create({ ...event, type: 'Loud' }))).toMatchObject({ code: 422 })
      expect(await failure(opened.client.create({ ...event, note: 'x'.repeat(1025) }))).toMatchObject({
        code: 422,
      })
      const created = await opened.client.create(event)
      expect(await messageOf(opened.client.update({ ...created, note: 'other' }))).toContain(
        'field is immutable',
      )
      const series = { count: 2, lastObservedTime: '2020-01-01T00:00:01.000000Z' }
      expect(await opened.client.update({ ...created, series })).toMatchObject({ series })
    })

    test('must be in the namespace that it is about', async () => {
      const elsewhere = { ...coreEvent, involvedObject: { kind: 'ConfigMap', namespace: 'other', name: 'x' } }
      expect(await messageOf(opened.client.create(elsewhere))).toContain(
        'involvedObject.namespace: Invalid value: "other": does not match event.namespace',
      )
    })

    test('is created by an update', async () => {
      const updated = await opened.client.update(coreEvent)
      expect(updated.metadata.uid).toBeDefined()
      expect((await opened.client.list(Events)).items).toHaveLength(1)
    })

    test('expires after an hour, and an update starts the hour anew', async () => {
      vi.useFakeTimers({ toFake: ['Date'] })
      try {
        await opened.client.create(coreEvent)
        await opened.client.create(event)
        vi.setSystemTime(Date.now() + 3_000_000)
        await opened.client.patch(coreEvent, mergePatch({ count: 2 }))
        vi.setSystemTime(Date.now() + 700_000)
        expect((await opened.client.list(Events)).items.map(({ metadata }) => metadata.name)).toEqual(['a'])
        vi.setSystemTime(Date.now() + 3_600_000)
        expect((await opened.client.list(Events)).items).toEqual([])
      } finally {
        vi.useRealTimers()
      }
    })

    test('watched through one group is told of writes through the other', async () => {
      await opened.client.create(coreEvent)
      for await (const { object } of opened.client.watch(EventsEvents)) {
        expect(object).toMatchObject({ apiVersion: 'events.k8s.io/v1', note: 'told' })
        break
      }
    })

    test('cannot own anything', async () => {
      const created = await opened.client.create(coreEvent)
      const ownerReferences = [{ apiVersion: 'v1', kind: 'Event', name: 'a', uid: created.metadata.uid! }]
      expect(
        await messageOf(opened.client.create(configMap('x', { metadata: { name: 'x', ownerReferences } }))),
      ).toContain('is disallowed from being an owner')
    })
  })

  test('discovery lists what is built in', async () => {
    const resources = await opened.runtime.transport.discover('default')
    const shown = resources.map(({ name, group, kind, shortNames, namespaced }) => [
      name,
      group,
      kind,
      shortNames.join(),
      namespaced,
    ])
    const admission = 'admissionregistration.k8s.io'
    expect(shown).toEqual([
      ['configmaps', '', 'ConfigMap', 'cm', true],
      ['events', '', 'Event', 'ev', true],
      ['namespaces', '', 'Namespace', 'ns', false],
      ['resourcequotas', '', 'ResourceQuota', 'quota', true],
      ['secrets', '', 'Secret', '', true],
      ['serviceaccounts', '', 'ServiceAccount', 'sa', true],
      ['mutatingadmissionpolicies', admission, 'MutatingAdmissionPolicy', '', false],
      ['mutatingadmissionpolicybindings', admission, 'MutatingAdmissionPolicyBinding', '', false],
      ['validatingadmissionpolicies', admission, 'ValidatingAdmissionPolicy', '', false],
      ['validatingadmissionpolicybindings', admission, 'ValidatingAdmissionPolicyBinding', '', false],
      ['customresourcedefinitions', 'apiextensions.k8s.io', 'CustomResourceDefinition', 'crd,crds', false],
      ['leases', 'coordination.k8s.io', 'Lease', '', true],
      ['events', 'events.k8s.io', 'Event', 'ev', true],
    ])
  })

  test('a Secret of another namespace is another Secret', async () => {
    await opened.client.create(secret('a'))
    expect(await failure(opened.client.get(Secrets, { name: 'a', namespace: 'kube-system' }))).toMatchObject({
      code: 404,
    })
  })
})
