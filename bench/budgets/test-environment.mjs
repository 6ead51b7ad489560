import { createTestEnvironment } from '@k1s/testing'
import { itemDefinition } from '../item.mjs'
import { median, percentile, timeOf } from '../measure.mjs'

const environments = 1000
const options = {
  crds: itemDefinition,
  objects: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'configuration' } },
}

/** The start of test environments with a definition and an object, after the first, and what a thousand of them leave behind. */
export async function measure() {
  const first = await timeOf(() => createAndClose())
  for (let index = 0; index < 100; index++) await createAndClose()
  const before = await heapUsed()
  const times = []
  for (let index = 0; index < environments; index++) times.push(await createAndClose())
  const growth = (await heapUsed()) - before
  return [
    {
      what: 'start of a test environment with a CRD and an object, p50',
      value: median(times),
      floor: first,
      unit: 'ms',
      floorIs: 'the first one of the process, with its end',
      budget: { atMost: 15, of: 'value' },
    },
    { what: 'the same, p99', value: percentile(times, 0.99), unit: 'ms' },
    {
      what: 'growth of the heap with 1,000 test environments',
      value: growth,
      unit: 'MiB',
      budget: { atMost: 8, of: 'value' },
    },
  ]
}

/** How long the start took. */
async function createAndClose() {
  let env
  const time = await timeOf(async () => {
    env = await createTestEnvironment(options)
  })
  await env.close()
  return time
}

async function heapUsed() {
  for (let turn = 0; turn < 3; turn++) {
    globalThis.gc()
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return process.memoryUsage().heapUsed / 2 ** 20
}
