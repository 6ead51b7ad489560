import { expect, test } from 'vitest'
import { definitionOf } from './definitions.ts'
import { testServer } from './http-server.ts'

const server = testServer()
const { send } = server
const configMaps = '/api/v1/namespaces/default/configmaps'

interface Sample {
  readonly name: string
  readonly labels: { [name: string]: string }
  readonly value: number
}

/** Reads the text format; throws at a line that is none of it. */
function parse(text: string): { samples: Sample[]; types: Map<string, string> } {
  expect(text.endsWith('\n')).toBe(true)
  const types = new Map<string, string>()
  const helped = new Set<string>()
  const samples: Sample[] = []
  for (const line of text.slice(0, -1).split('\n')) {
    const comment = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$/.exec(line)
    if (comment !== null) {
      const [, what, name, rest] = comment
      if (what === 'HELP') {
        expect(helped).not.toContain(name)
        helped.add(name!)
      } else types.set(name!, rest!)
      continue
    }
    const sample = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:{(.*)})? (\+Inf|-Inf|NaN|[-+.e\d]+)$/.exec(line)
    if (sample === null) throw new Error(`no sample: ${line}`)
    const [, name = '', labelText = '', value] = sample
    const pairs = [...labelText.matchAll(/([a-zA-Z_]\w*)="((?:[^"\\\n]|\\[\\"n])*)"(?:,|$)/g)]
    expect(pairs.map(([pair]) => pair).join('')).toBe(labelText)
    const family = name.replace(/_(bucket|sum|count)$/, '')
    expect([types.has(name), types.get(family) === 'histogram']).toContain(true)
    const labels = Object.fromEntries(pairs.map(([, key, text]) => [key!, text!]))
    samples.push({ name, labels, value: Number(value!.replace('Inf', 'Infinity')) })
  }
  return { samples, types }
}

async function metrics() {
  const response = await send('GET', '/metrics')
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  return parse(await response.text())
}

async function find(name: string, wanted: { [label: string]: string } = {}): Promise<Sample[]> {
  const { samples } = await metrics()
  return samples.filter(
    (sample) =>
      sample.name === name &&
      Object.entries(wanted).every(([label, value]) => sample.labels[label] === value),
  )
}

test('metrics are for who is known', async () => {
  expect((await fetch(`${server.url}/metrics`)).status).toBe(401)
})

test('requests are counted as Kubernetes does', async () => {
  await send('POST', configMaps, { metadata: { name: 'a' } })
  await send('POST', `${configMaps}?dryRun=All`, { metadata: { name: 'b' } })
  await send('GET', configMaps)
  await send('GET', `${configMaps}/a`)
  await send('GET', '/api/v1/configmaps')
  await send('PATCH', `${configMaps}/a?fieldManager=x`, '{"apiVersion":"v1","kind":"ConfigMap"}', {
    'content-type': 'application/apply-patch+yaml',
  })
  await send('DELETE', `${configMaps}/a`)
  const counted = (await find('apiserver_request_total', { resource: 'configmaps' })).map(
    ({ labels: { verb, dry_run, scope, code, group, version, subresource, component } }) => {
      expect([group, version, subresource, component]).toEqual(['', 'v1', '', 'apiserver'])
      return `${verb} ${scope} ${dry_run} ${code}`
    },
  )
  expect(counted.sort()).toEqual([
    'APPLY resource  200',
    'DELETE resource  200',
    'GET resource  200',
    'LIST cluster  200',
    'LIST namespace  200',
    'POST resource  201',
    'POST resource All 201',
  ])
})

test('durations and sizes are histograms whose buckets grow', async () => {
  await send('GET', configMaps)
  const { samples, types } = await metrics()
  for (const [name, type] of types) {
    if (type !== 'histogram') continue
    for (const { labels, value } of samples.filter((sample) => sample.name === `${name}_count`)) {
      const buckets = samples.filter((sample) => {
        const { le: _, ...others } = sample.labels
        return sample.name === `${name}_bucket` && JSON.stringify(others) === JSON.stringify(labels)
      })
      const counts = buckets.map((bucket) => bucket.value)
      expect(counts).toEqual([...counts].sort((one, other) => one - other))
      expect(buckets.at(-1)!.labels.le).toBe('+Inf')
      expect(counts.at(-1)).toBe(value)
    }
  }
  const [, size] = await find('apiserver_response_sizes_bucket', { verb: 'LIST', resource: 'configmaps' })
  expect(size?.value).toBeGreaterThan(0)
})

test('what clients make up has no series of its own', async () => {
  await send('GET', '/api/v1/namespaces/default/made-up%22%0A/x')
  await send('GET', '/made/up')
  await fetch(`${server.url}/api/v1/made-up-too`)
  const { samples } = await metrics()
  expect(JSON.stringify(samples)).not.toContain('made')
  const nameless = samples.filter(({ name, labels }) => {
    return name === 'apiserver_request_total' && labels.resource === ''
  })
  expect(nameless.map(({ labels }) => labels.code)).toEqual(expect.arrayContaining(['401', '404']))
})

test('watches are counted while they are open, and their events', async () => {
  const controller = new AbortController()
  const { signal } = controller
  const response = await fetch(`${server.url}${configMaps}?watch=1`, {
    headers: { authorization: 'Bearer secret' },
    signal,
  })
  const reader = response.body!.getReader()
  await send('POST', configMaps, { metadata: { name: 'seen' } })
  await reader.read()
  const labels = { resource: 'configmaps', scope: 'namespace' }
  expect(await find('apiserver_longrunning_requests', labels)).toMatchObject([
    { labels: { verb: 'WATCH' }, value: 1 },
  ])
  const [events] = await find('apiserver_watch_events_total', { resource: 'configmaps' })
  expect(events!.value).toBeGreaterThan(0)
  controller.abort()
  await expect.poll(() => find('apiserver_longrunning_requests', labels)).toEqual([])
})

test('objects are counted by tenant and resource', async () => {
  await server.runtime.client.create(definitionOf('trees', 'Tree'))
  await send('POST', '/apis/garden.example.com/v1/namespaces/default/trees', {
    apiVersion: 'garden.example.com/v1',
    kind: 'Tree',
    metadata: { name: 'oak' },
  })
  await send('POST', '/tenants/other/api/v1/namespaces', { metadata: { name: 'mine' } })
  const trees = { tenant: 'default', group: 'garden.example.com', resource: 'trees' }
  expect(await find('apiserver_resource_objects', trees)).toMatchObject([{ value: 1 }])
  const namespaces = { tenant: 'other', group: '', resource: 'namespaces' }
  expect(await find('apiserver_resource_objects', namespaces)).toMatchObject([{ value: 3 }])
})

test('the store and the process have theirs', async () => {
  const { samples } = await metrics()
  const value = (name: string) => samples.find((sample) => sample.name === name)?.value
  expect(value('k1s_storage_current_revision')).toBeGreaterThan(0)
  expect(value('k1s_storage_compact_revision')).toBe(0)
  expect(value('process_resident_memory_bytes')).toBeGreaterThan(1e6)
  expect(Math.abs(value('process_start_time_seconds')! - Date.now() / 1000)).toBeLessThan(3600 * 24)
  expect(value('kubernetes_build_info')).toBe(1)
  expect(value('nodejs_eventloop_lag_max_seconds')).toBeGreaterThanOrEqual(0)
})
