import { once } from 'node:events'
import { request } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import type { ManagerOptions } from '@k1s/controller-runtime'
import { newLogger, ping } from '@k1s/controller-runtime'
import { describe, expect, it } from 'vitest'
import { eachTest, item, itemManager, until } from './semantics.ts'

const setting = eachTest()

async function freeAddress(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return `127.0.0.1:${port}`
}

async function get(address: string, path: string): Promise<{ status: number; type: string; body: string }> {
  const [host, port] = address.split(':')
  const sent = request({ host, port, path, agent: false }).end()
  const [response] = await once(sent, 'response')
  let body = ''
  for await (const chunk of response) body += chunk
  return { status: response.statusCode, type: response.headers['content-type'], body }
}

/** A manager that reconciled one Item, which failed once, and runs. */
async function start(options: ManagerOptions) {
  await setting.env.client.create(item('a'))
  const manager = itemManager(
    setting.env,
    () => {
      if (manager.controller.reconciles === 0) throw new Error('no luck')
    },
    undefined,
    options,
  )
  return {
    manager,
    async begin() {
      setting.running = manager.start(setting.stop.signal)
      await until(() => manager.controller.reconciles === 1)
      await setting.env.clock.advance(5)
    },
  }
}

describe('a running manager serves', () => {
  it('metrics in the text format of Prometheus', async () => {
    const address = await freeAddress()
    const { begin } = await start({ metricsBindAddress: address })
    await begin()
    const { status, type, body } = await get(address, '/metrics')
    expect(status).toBe(200)
    expect(type).toMatch(/^text\/plain; version=0\.0\.4/)
    const lines = body.split('\n')
    for (const line of [
      '# TYPE controller_runtime_reconcile_total counter',
      'controller_runtime_reconcile_total{controller="item",result="error"} 1',
      'controller_runtime_reconcile_total{controller="item",result="success"} 1',
      'controller_runtime_reconcile_errors_total{controller="item"} 1',
      'controller_runtime_active_workers{controller="item"} 0',
      'controller_runtime_reconcile_time_seconds_count{controller="item"} 2',
      'controller_runtime_reconcile_time_seconds_bucket{controller="item",le="+Inf"} 2',
      'workqueue_retries_total{name="item",controller="item"} 1',
    ]) {
      expect(lines).toContain(line)
    }
    expect((await get(address, '/')).status).toBe(404)
    expect((await get(address, '//')).status).toBe(404)
  })

  it('health and readiness, each check by its name', async () => {
    const address = await freeAddress()
    const { manager, begin } = await start({ healthProbeBindAddress: address })
    let isReady = false
    manager.addHealthzCheck('ping', ping)
    manager.addReadyzCheck('cache', async () => {
      if (!isReady) throw new Error('not yet')
    })
    await begin()
    expect(await get(address, '/healthz')).toMatchObject({ status: 200, body: 'ok' })
    expect(await get(address, '/healthz?verbose')).toMatchObject({
      status: 200,
      body: '[+]ping ok\nhealthz check passed\n',
    })
    expect(await get(address, '/readyz')).toMatchObject({
      status: 500,
      body: '[-]cache failed: reason withheld\nhealthz check failed\n',
    })
    expect(await get(address, '/readyz/cache')).toMatchObject({
      status: 500,
      body: 'internal server error: not yet\n',
    })
    isReady = true
    expect(await get(address, '/readyz')).toMatchObject({ status: 200, body: 'ok' })
    expect(await get(address, '/readyz/other')).toMatchObject({ status: 404 })
    expect(await get(address, '//')).toMatchObject({ status: 404 })
    expect(await get(address, '//healthz')).toMatchObject({ status: 404 })
  })

  it('where the log says, if any port will do', async () => {
    const { manager, begin } = await start({
      healthProbeBindAddress: '127.0.0.1:0',
      metricsBindAddress: '127.0.0.1:0',
    })
    manager.addHealthzCheck('ping', ping)
    await begin()
    const address = (message: string, key: string) =>
      String(setting.env.logs.find((line) => line.message === message)?.values[key])
    const metrics = await get(address('Serving metrics server', 'bindAddress'), '/metrics')
    const health = await get(address('starting server', 'addr'), '/healthz')
    expect([metrics.status, health.status]).toEqual([200, 200])
  })

  it.each(['0', ''])('nothing where the address is "%s"', async (address) => {
    const { begin } = await start({ healthProbeBindAddress: address, metricsBindAddress: address })
    await begin()
    expect(setting.env.logs.filter(({ message }) => /server/.test(message))).toEqual([])
  })

  it('nothing any more when it has ended', async () => {
    const address = await freeAddress()
    const { begin } = await start({
      healthProbeBindAddress: address,
      metricsBindAddress: await freeAddress(),
    })
    await begin()
    setting.stop.abort()
    await setting.running
    await expect(get(address, '/healthz')).rejects.toThrow('ECONNREFUSED')
  })

  it('nothing if it cannot have an address, and says which', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const taken = `127.0.0.1:${(server.address() as AddressInfo).port}`
    const { manager } = await start({
      healthProbeBindAddress: await freeAddress(),
      metricsBindAddress: taken,
    })
    await expect(manager.start(setting.stop.signal)).rejects.toThrow(
      `cannot listen on ${taken}: listen EADDRINUSE`,
    )
    server.close()
  })
})

describe('a line of the log', () => {
  it('says which controller, which request and which reconcile it is about', async () => {
    await setting.env.client.create(item('a'))
    const ids: string[] = []
    const manager = itemManager(setting.env, (_, { log, reconcileID }) => {
      ids.push(reconcileID)
      log.info('Looked', { quantity: 1 })
      if (ids.length === 1) throw new Error('no luck')
    })
    await manager.runOnce({ retryWithin: 0 })
    const values = {
      controller: 'item',
      controllerGroup: 'semantics.example.com',
      controllerKind: 'Item',
      Item: { namespace: 'default', name: 'a' },
      namespace: 'default',
      name: 'a',
    }
    expect(new Set(ids).size).toBe(ids.length)
    expect(setting.env.logs).toContainEqual(
      expect.objectContaining({
        level: 'info',
        message: 'Looked',
        values: { ...values, reconcileID: ids[0], quantity: 1 },
      }),
    )
    expect(setting.env.logs).toContainEqual({
      level: 'error',
      logger: '',
      message: 'Reconciler error',
      error: new Error('no luck'),
      values: { ...values, reconcileID: ids[0] },
    })
  })

  it('is one line of JSON with the fields of zap', async () => {
    await setting.env.client.create(item('a'))
    const lines: string[] = []
    const logger = newLogger({ clock: setting.env.clock, write: (line) => void lines.push(line) })
    const manager = itemManager(setting.env, () => Promise.reject(new Error('no\nluck')), undefined, {
      logger,
    })
    await manager.runOnce({ retryWithin: 0 })
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/^[^\n]*\n$/)
    expect(JSON.parse(lines[0]!)).toMatchObject({
      level: 'error',
      ts: '2026-01-01T00:00:00.000Z',
      msg: 'Reconciler error',
      controller: 'item',
      Item: { namespace: 'default', name: 'a' },
      reconcileID: expect.stringMatching(/^[0-9a-f-]{36}$/),
      error: 'no\nluck',
      stacktrace: expect.stringContaining('Error: no'),
    })
  })
})
