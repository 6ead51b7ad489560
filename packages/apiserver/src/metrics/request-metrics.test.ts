import { Exposition } from '@k1s/core/metrics'
import { expect, test } from 'vitest'
import { type RequestLabels, RequestMetrics } from './request-metrics.ts'

const request = (resource: string, more: Partial<RequestLabels> = {}): RequestLabels => ({
  verb: 'GET',
  dryRun: '',
  group: 'example.com',
  version: 'v1',
  resource,
  subresource: '',
  scope: 'resource',
  ...more,
})

/** Resource, code and count of the samples of `apiserver_request_total`. */
function totals(metrics: RequestMetrics): string[] {
  const exposition = new Exposition()
  metrics.write(exposition)
  return [
    ...exposition
      .toString()
      .matchAll(/^apiserver_request_total{.*resource="(.*?)",sub.*code="(\d+)"} (\d+)$/gm),
  ].map(([, resource, code, count]) => `${resource} ${code} ${count}`)
}

test('requests are counted by what they are about and by code', () => {
  const metrics = new RequestMetrics()
  metrics.observe(request('items'), 200, 0.01)
  metrics.observe(request('items'), 200, 0.01)
  metrics.observe(request('items'), 404, 0.01)
  metrics.observe(request('items', { verb: 'POST', dryRun: 'All' }), 201, 0.01)
  expect(totals(metrics)).toEqual(['items 200 2', 'items 404 1', 'items 201 1'])
})

test('resources that nobody has seen take no memory', () => {
  const metrics = new RequestMetrics()
  for (let i = 0; i < 1000; i++) metrics.observe(request(`hostile-${i}`), 404, 0.01)
  expect(totals(metrics)).toEqual([' 404 1000'])
})

test('there is a limit to resources that are told apart', () => {
  const metrics = new RequestMetrics(2)
  for (const resource of ['a', 'b', 'c', 'd', 'a']) metrics.observe(request(resource), 200, 0.01)
  expect(totals(metrics)).toEqual(['a 200 2', 'b 200 1', ' 200 2'])
})
