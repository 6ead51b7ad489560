import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Unstructured } from '@k1s/apimachinery'
import { decodeYaml } from '@k1s/apimachinery/yaml'
import { createRuntime, mergePatch, type Runtime } from '@k1s/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { failure } from './each-store.ts'
import { itemDefinition } from './kinds.ts'

const manifests = fileURLToPath(new URL('../../../../shared/testdata/gateway-api', import.meta.url))
const isThere = existsSync(manifests)
if (!isThere) console.log(`skipped: no real policy at ${manifests}`)

const read = (file: string) =>
  decodeYaml(readFileSync(`${manifests}/${file}`, 'utf8'), { file }).map(({ value }) => value as Unstructured)

describe.runIf(isThere)('the policy of the Gateway API for safe upgrades', () => {
  let runtime: Runtime
  let definition: Unstructured

  const released = (version: string, channel: string): Unstructured => ({
    ...definition,
    metadata: {
      name: definition.metadata.name!,
      annotations: {
        ...definition.metadata.annotations,
        'gateway.networking.k8s.io/bundle-version': version,
        'gateway.networking.k8s.io/channel': channel,
      },
    },
  })
  const upgrade = (version: string, channel: string) =>
    runtime.client.patch(definition, mergePatch({ metadata: released(version, channel).metadata }))

  beforeAll(async () => {
    runtime = await createRuntime({ storage: { type: 'memory' } })
    for (const object of read('crd-vap_safeupgrades.yaml')) await runtime.client.create(object)
    definition = read('crd-httproutes.yaml')[0]!
  })

  afterAll(() => runtime?.close())

  test('denies the definitions of old versions', async () => {
    const { code, reason, message } = await failure(runtime.client.create(released('v1.2.0', 'standard')))
    expect([code, reason]).toEqual([422, 'Invalid'])
    expect(message).toBe(
      'customresourcedefinitions.apiextensions.k8s.io "httproutes.gateway.networking.k8s.io" is forbidden: ' +
        "ValidatingAdmissionPolicy 'safe-upgrades.gateway.networking.k8s.io' with binding 'safe-upgrades.gateway.networking.k8s.io' denied request: " +
        'Installing CRDs with version before v1.5.0 is prohibited by default. Uninstall ValidatingAdmissionPolicy safe-upgrades.gateway.networking.k8s.io to install older versions.',
    )
  })

  test('allows new ones, and denies downgrades and experimental ones on top of them', async () => {
    await runtime.client.create(released('v1.5.0', 'standard'))
    await upgrade('v1.6.1', 'standard')
    expect((await failure(upgrade('v1.3.0', 'standard'))).message).toContain('before v1.5.0')
    expect((await failure(upgrade('v1.6.1', 'experimental'))).message).toContain(
      'Installing experimental CRDs on top of standard channel CRDs is prohibited by default.',
    )
  })

  test('allows definitions of others', async () => {
    await runtime.client.create(itemDefinition())
  })
})
