import { newControllerManagedBy, newLogger, newManager } from '@k1s/controller-runtime'
import { connect } from '@k1s/core'
import { createTestEnvironment } from '@k1s/testing'
import { expect, it } from 'vitest'
import { parseExposition } from './parse-exposition.ts'
import { ConfigMap, configMap, Item, item, until } from './semantics.ts'

const logger = newLogger({ write: () => undefined })

// What controller-runtime v0.25.2 answered with two controllers on a server, of which one had nothing to do.
const ofIdleQueue = [
  ...['1e-08', '1e-07', '1e-06', '9.999999999999999e-06', '9.999999999999999e-05', '0.001', '0.01', '0.1'],
  ...['1', '10', '100', '1000', '+Inf'],
].map((bound) => `_bucket{name="idle",controller="idle",le="${bound}"}`)

it('metrics of a manager can be read by Prometheus, with the names, labels and bounds of controller-runtime', async () => {
  await using env = await createTestEnvironment({ kinds: [Item], objects: [item('a'), item('b')] })
  const manager = newManager(env, { logger, leaderElection: { id: 'web', namespace: 'default' } })
  newControllerManagedBy(manager)
    .for(Item)
    .complete(({ name }) => {
      if (name === 'b') throw new Error('no luck')
      return { requeueAfter: '1h', priority: 7 }
    })
  newControllerManagedBy(manager)
    .for(ConfigMap)
    .named('idle')
    .complete(() => undefined)
  await manager.runOnce({ retryWithin: 50 })
  const stop = new AbortController()
  const running = manager.start(stop.signal)
  await manager.elected
  const families = parseExposition(manager.metrics.text())
  stop.abort()
  await running
  expect(Array.from(families, ([name, { type }]) => `${name} ${type}`)).toEqual([
    'controller_runtime_reconcile_total counter',
    'controller_runtime_reconcile_errors_total counter',
    'controller_runtime_terminal_reconcile_errors_total counter',
    'controller_runtime_reconcile_panics_total counter',
    'controller_runtime_reconcile_timeouts_total counter',
    'controller_runtime_max_concurrent_reconciles gauge',
    'controller_runtime_active_workers gauge',
    'controller_runtime_reconcile_time_seconds histogram',
    'workqueue_depth gauge',
    'workqueue_adds_total counter',
    'workqueue_retries_total counter',
    'workqueue_queue_duration_seconds histogram',
    'workqueue_work_duration_seconds histogram',
    'workqueue_unfinished_work_seconds gauge',
    'workqueue_longest_running_processor_seconds gauge',
    'leader_election_master_status gauge',
  ])
  const queued = families.get('workqueue_queue_duration_seconds')?.samples ?? new Map<string, number>()
  expect([...queued.keys()].filter((key) => key.startsWith('_bucket') && key.includes('idle'))).toEqual(
    ofIdleQueue,
  )
  expect(queued.get('_count{name="item",controller="item"}')).toBeGreaterThan(1)
  expect(families.get('leader_election_master_status')?.samples).toEqual(new Map([['{name="web"}', 1]]))
})

it('requests to a server are counted by code, method and host, those without an answer too', async () => {
  await using env = await createTestEnvironment({ objects: configMap('a') })
  const {
    url,
    kubeconfigPath: kubeconfig = '',
    close,
  } = await env.serve({ tls: true, writeKubeconfig: true })
  await using connection = await connect({ kubeconfig, env: {} })
  const manager = newManager(connection, { logger })
  newControllerManagedBy(manager)
    .for(ConfigMap)
    .named('counted')
    .complete(() => undefined)
  expect(parseExposition(manager.metrics.text()).has('rest_client_requests_total')).toBe(false)
  await manager.runOnce()
  const { host } = new URL(url)
  const requests = () => parseExposition(manager.metrics.text()).get('rest_client_requests_total')?.samples
  expect(requests()?.get(`{code="201",method="POST",host="${host}"}`)).toBe(2)
  expect(requests()?.get(`{code="200",method="GET",host="${host}"}`)).toBeGreaterThan(0)
  expect(requests()?.get(`{code="404",method="GET",host="${host}"}`)).toBeGreaterThan(0)
  await close()
  const lost = manager.apiReader.create(configMap('b')).catch(() => 'lost')
  expect(await lost).toBe('lost')
  await until(() => requests()?.get(`{code="<error>",method="POST",host="${host}"}`) === 1)
})

it('more than 25 priorities of a queue are not told apart, as in controller-runtime', async () => {
  await using env = await createTestEnvironment({
    kinds: [Item],
    objects: Array.from({ length: 30 }, (_, index) => item(`item-${index}`)),
  })
  const manager = newManager(env, { logger })
  newControllerManagedBy(manager)
    .for(Item)
    .complete(({ name }) => ({ requeueAfter: 1, priority: Number(name.slice(5)) }))
  await manager.runOnce({ untilIdle: true, deadline: 300 })
  const depth = parseExposition(manager.metrics.text()).get('workqueue_depth')?.samples ?? new Map()
  expect(depth.size).toBe(26)
  expect(depth.get('{name="item",controller="item",priority="exceeded_cardinality_limit"}')).toBeDefined()
})
