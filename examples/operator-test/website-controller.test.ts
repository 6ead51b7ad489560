import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Manager } from '@k1s/controller-runtime'
import { createTestEnvironment, type FakeClock, type TestEnvironment } from '@k1s/testing'
import { isNotFound, mergePatch } from 'k1s'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ConfigMap, Website } from './src/kinds.ts'
import { addWebsiteController, finalizer } from './src/website-controller.ts'
import '@k1s/testing/vitest'

const key = { name: 'home' }
const home: Website = {
  apiVersion: 'web.example.com/v1',
  kind: 'Website',
  metadata: key,
  spec: { host: 'home.example.com', text: 'Hello' },
}

let env: TestEnvironment<FakeClock>
let manager: Manager
let isReachable: boolean
let unpublished: string[]
beforeEach(async () => {
  env = await createTestEnvironment({
    crds: new URL('crds/', import.meta.url),
    objects: home,
    clock: 'fake',
  })
  isReachable = true
  unpublished = []
  manager = env.manager()
  addWebsiteController(manager, {
    isReachable: async () => isReachable,
    unpublish: async (host) => {
      unpublished.push(host)
    },
  })
})
afterEach(() => env.close())

test('a page is written for a website, which owns it, and the status says that it can be reached', async () => {
  await manager.runOnce()
  const website = await env.client.get(Website, key)
  expect(website).toHaveCondition('Ready', 'True', { reason: 'Reachable' })
  expect(website).toHaveFinalizer(finalizer)
  expect(website.status?.observedGeneration).toBe(1)
  const page = await env.client.get(ConfigMap, { name: 'home-page' })
  expect(page).toBeOwnedBy(website, { controller: true })
  expect(page.data).toEqual({ 'index.html': '<h1>home.example.com</h1><p>Hello</p>' })
})

test('the page follows the website, and comes back when somebody removes it', async () => {
  await manager.runOnce()
  await env.client.patch(home, mergePatch({ spec: { text: 'Goodbye' } }))
  await manager.runOnce()
  const page = await env.client.get(ConfigMap, { name: 'home-page' })
  expect(page.data?.['index.html']).toContain('Goodbye')
  await env.client.delete(ConfigMap, { name: 'home-page' })
  await manager.runOnce()
  expect((await env.client.get(ConfigMap, { name: 'home-page' })).data).toEqual(page.data)
})

test('a website is looked at again after a minute, and not before', async () => {
  await manager.runOnce()
  isReachable = false
  await env.clock.advance(59_000)
  await manager.runOnce()
  expect(await env.client.get(Website, key)).toHaveCondition('Ready', 'True')
  await env.clock.advance(1_000)
  await manager.runOnce()
  expect(await env.client.get(Website, key)).toHaveCondition('Ready', 'False', { reason: 'Unreachable' })
})

test('a website that is deleted is unpublished first', async () => {
  await manager.runOnce()
  await env.client.delete(Website, key)
  expect(unpublished).toEqual([])
  await manager.runOnce()
  expect(unpublished).toEqual(['home.example.com'])
  await expect(env.client.get(Website, key)).rejects.toSatisfy(isNotFound)
})

test('a conflict is tried again', async () => {
  const conflict = env.faults.conflict({
    verb: 'patch',
    resource: 'websites.web.example.com/status',
    times: 1,
  })
  const report = await env.eventually(() => manager.runOnce())
  expect(conflict.hits).toBe(1)
  expect(report.controllers).toMatchObject([{ outcome: 'idle', failures: 1, errors: [] }])
  expect(await env.client.get(Website, key)).toHaveCondition('Ready')
})

test('nothing is written when nothing changed', async () => {
  await manager.runOnce()
  await env.clock.advance(60_000)
  const { controllers } = await manager.runOnce()
  expect(controllers[0]?.reconciles).toBe(1)
  const { metadata } = await env.client.get(Website, key)
  await env.clock.advance(60_000)
  await manager.runOnce()
  expect((await env.client.get(Website, key)).metadata.resourceVersion).toBe(metadata.resourceVersion)
})

test('the tests of node:test pass as well', async () => {
  const file = fileURLToPath(new URL('website-controller.test.mjs', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, ['--test', '--test-reporter=tap', file])
  expect(stdout).toMatch(/^# pass 2$/m)
})
