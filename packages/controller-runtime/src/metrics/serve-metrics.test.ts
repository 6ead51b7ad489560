import { afterEach, expect, it } from 'vitest'
import { createMetrics } from './create-metrics.ts'
import { serveMetrics } from './serve-metrics.ts'

let server: Awaited<ReturnType<typeof serveMetrics>> | undefined
afterEach(() => server?.close())

it('says when metrics of the application cannot be had, and goes on', async () => {
  const metrics = createMetrics()
  metrics.controllerMetrics('item', 1)
  let isBroken = true
  metrics.register({
    name: 'broken',
    write() {
      if (isBroken) throw new Error('no disk')
    },
  })
  server = await serveMetrics('127.0.0.1:0', metrics)
  const url = `http://127.0.0.1:${server.port}/metrics`
  const broken = await fetch(url)
  expect(broken.status).toBe(500)
  expect(await broken.text()).toBe('An error has occurred while serving metrics:\n\nno disk\n')
  isBroken = false
  expect(await (await fetch(url)).text()).toContain('controller_runtime_active_workers')
})

it('has nothing but /metrics', async () => {
  server = await serveMetrics('127.0.0.1:0', createMetrics())
  const other = await fetch(`http://127.0.0.1:${server.port}/`)
  expect(`${other.status} ${await other.text()}`).toBe('404 404 page not found\n')
})
