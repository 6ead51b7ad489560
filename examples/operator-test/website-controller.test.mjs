// The same with the test runner of Node.js, on the compiled operator: `node --test`.
import { equal } from 'node:assert/strict'
import test from 'node:test'
import {
  assertCondition,
  assertExists,
  assertGone,
  assertHasFinalizer,
  assertOwnedBy,
  createTestEnvironment,
} from '@k1s/testing'
import { ConfigMap, Website } from './dist/kinds.js'
import { addWebsiteController, finalizer } from './dist/website-controller.js'

const home = `
apiVersion: web.example.com/v1
kind: Website
metadata:
  name: home
spec:
  host: home.example.com
  text: Hello
`

const environment = () =>
  createTestEnvironment({ crds: new URL('crds/', import.meta.url), objects: home, clock: 'fake' })

test('a page is written for a website, which owns it', async () => {
  const env = await environment()
  try {
    const manager = env.manager()
    addWebsiteController(manager, { isReachable: async () => true, unpublish: async () => {} })
    await manager.runOnce()
    const website = await assertExists(env.client, Website, { name: 'home' })
    assertCondition(website, 'Ready', 'True', { reason: 'Reachable' })
    assertHasFinalizer(website, finalizer)
    assertOwnedBy(await assertExists(env.client, ConfigMap, { name: 'home-page' }), website)
  } finally {
    await env.close()
  }
})

test('a manager that goes on follows: it unpublishes a website that is deleted', async () => {
  const env = await environment()
  const stop = new AbortController()
  const unpublished = []
  const manager = env.manager()
  addWebsiteController(manager, {
    isReachable: async () => true,
    unpublish: async (host) => {
      unpublished.push(host)
    },
  })
  const running = manager.start(stop.signal)
  try {
    await env.eventually(async () => {
      assertCondition(await env.client.get(Website, { name: 'home' }), 'Ready')
    })
    await env.client.delete(Website, { name: 'home' })
    await env.eventually(() => assertGone(env.client, Website, { name: 'home' }))
    equal(unpublished.join(), 'home.example.com')
  } finally {
    stop.abort()
    await running
    await env.close()
  }
})
