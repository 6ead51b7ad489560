import { beforeAll, expect, test } from 'vitest'
import { everyKind, gaugeDefinition } from './every-kind.ts'
import { onEachKubectl } from './kubectl.ts'

onEachKubectl((kubectl) => {
  let resources: readonly string[]

  beforeAll(async () => {
    await kubectl.create(gaugeDefinition)
    await kubectl.print('wait --for=condition=Established crd --all')
    await kubectl.print('create -f -', { input: everyKind })
    resources = (await kubectl.print('api-resources -o name')).trim().split('\n')
  })

  test('describe tells about every object of every kind', async () => {
    const text = await kubectl.print(`describe ${resources.join(',')} -A`)
    for (const [, name] of everyKind.matchAll(/^metadata: \{name: ([^,}]+)/gm)) {
      expect(text).toMatch(new RegExp(`^Name: +${name}$`, 'm'))
    }
  })

  test('describe tells of data, quotas, holders and events', async () => {
    const [configMap, namespace, quota, event] = await Promise.all([
      kubectl.print('describe cm settings'),
      kubectl.print('describe namespace default'),
      kubectl.print('describe quota small'),
      kubectl.print('describe gauge a'),
    ])
    expect(configMap).toContain('\ncolor:\n----\nblue\n')
    // Events are found by the uid of their object, which those here do not have.
    expect(configMap).toMatch(/^Events: +<none>$/m)
    expect(namespace).toMatch(/^Resource Quotas\n {2}Name: +small$/m)
    expect(quota).toMatch(/^configmaps +2 +100$/m)
    expect(event).toMatch(/^Events: +<none>$/m)
  })

  test('cluster-info misses services', async () => {
    const { code, stderr } = await kubectl.run('cluster-info')
    expect(code).toBe(1)
    expect(stderr).toBe('error: the server doesn\'t have a resource type "services"\n')
  })

  test('describe tells of the events of an object', async () => {
    const uid = await kubectl.print('get gauge b -o jsonpath={.metadata.uid}')
    const object = `{kind: Gauge, apiVersion: lab.k1s.dev/v1, name: b, namespace: default, uid: ${uid}}`
    const time = new Date().toISOString().replace(/\.\d+/, '')
    await kubectl.create(`
apiVersion: v1
kind: Event
metadata: {name: b.1}
involvedObject: ${object}
reason: Filled
message: to the brim
type: Normal
count: 3
firstTimestamp: ${time}
lastTimestamp: ${time}
source: {component: tap}`)
    expect(await kubectl.print('describe gauge b')).toMatch(
      /^Events:\n {2}Type +Reason +Age +From +Message\n[ -]+\n {2}Normal +Filled +\d+s \(x3 over \d+s\) +tap +to the brim\n$/m,
    )
  })

  test('api-resources prints what there is, in all outputs', async () => {
    const [plain, wide, name, namespaced, deletable] = await Promise.all([
      kubectl.print('api-resources --no-headers'),
      kubectl.print('api-resources -o wide'),
      kubectl.print('api-resources -o name --sort-by=name --categories=lab'),
      kubectl.print('api-resources --namespaced=false -o name --api-group='),
      kubectl.print('api-resources --verbs=deletecollection -o name'),
    ])
    expect(plain.trim().split('\n')).toHaveLength(resources.length)
    expect(wide).toMatch(/^gauges +gg +lab\.k1s\.dev\/v1 +true +Gauge +\S*delete,\S+ +all,lab$/m)
    expect(name).toBe('gauges.lab.k1s.dev\n')
    expect(namespaced).toBe('namespaces\n')
    expect(deletable).not.toContain('namespaces\n')
  })

  test('api-versions prints the versions of all groups', async () => {
    expect(await kubectl.print('api-versions')).toBe(
      [
        'admissionregistration.k8s.io/v1',
        'admissionregistration.k8s.io/v1beta1',
        'apiextensions.k8s.io/v1',
        'coordination.k8s.io/v1',
        'events.k8s.io/v1',
        'lab.k1s.dev/v1',
        'lab.k1s.dev/v1beta1',
        'v1',
        '',
      ].join('\n'),
    )
  })

  test('version prints that of the server', async () => {
    const { code, stdout, stderr } = await kubectl.run('version -o json')
    // Which kubectl it is is not ours to choose.
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(/^(WARNING: version difference .*\n)?$/),
    })
    const { serverVersion } = JSON.parse(stdout) as { serverVersion: object }
    expect(serverVersion).toMatchObject({
      major: '1',
      gitVersion: expect.stringMatching(/^v1\.\d+\.\d+\+k1s\./),
    })
  })

  test('explain tells about every kind, field by field', async () => {
    await Promise.all(
      resources.map(async (resource) => {
        // Of this name, kubectl takes the last parts for fields.
        const name = resource === 'events.events.k8s.io' ? 'events --api-version=events.k8s.io/v1' : resource
        const text = await kubectl.print(`explain ${name} --recursive`)
        expect(text).toMatch(/^ {2}metadata\t<ObjectMeta>( -required-)?$/m)
      }),
    )
  })

  test('explain tells about one field, its version and what is not there', async () => {
    const [field, version, v2, missing] = await Promise.all([
      kubectl.print('explain gauge.spec.label'),
      kubectl.print('explain plants --api-version=lab.k1s.dev/v1beta1'),
      kubectl.print('explain gauge.spec.label --output=plaintext-openapiv2'),
      kubectl.run('explain gauge.spec.nope'),
    ])
    expect(field).toBe(
      'GROUP:      lab.k1s.dev\nKIND:       Gauge\nVERSION:    v1\n\nFIELD: label <string>\n\n\nDESCRIPTION:\n    The text below the gauge.\n    \n\n',
    )
    expect(version).toContain('VERSION:    v1beta1\n')
    expect(v2).toContain('The text below the gauge.')
    expect(missing).toMatchObject({ code: 1, stderr: 'error: field "nope" does not exist\n' })
  })

  test('the APIs of authentication and authorization are said not to be there', async () => {
    const [who, may] = await Promise.all([
      kubectl.fail('auth whoami'),
      kubectl.fail('auth can-i get configmaps'),
    ])
    expect(who).toMatch(/^error: the selfsubjectreviews API is not enabled in the cluster\n/)
    expect(may).toBe('Error from server (NotFound): the server could not find the requested resource\n')
  })
})
