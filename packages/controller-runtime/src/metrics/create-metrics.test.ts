import { describe, expect, it } from 'vitest'
import { createMetrics } from './create-metrics.ts'

describe('metrics of a manager', () => {
  it('have all results of a controller from the beginning', () => {
    const metrics = createMetrics()
    metrics.controllerMetrics('item', 3)
    const text = metrics.text()
    for (const result of ['success', 'error', 'requeue', 'requeue_after']) {
      expect(text).toContain(`controller_runtime_reconcile_total{controller="item",result="${result}"} 0\n`)
    }
    expect(text).toContain('controller_runtime_max_concurrent_reconciles{controller="item"} 3\n')
  })

  it('count reconciles by their result, and how long they took', () => {
    const metrics = createMetrics()
    const item = metrics.controllerMetrics('item', 1)
    item.started()
    expect(metrics.text()).toContain('controller_runtime_active_workers{controller="item"} 1\n')
    item.ended('error', 0.2)
    const text = metrics.text()
    expect(text).toContain('controller_runtime_reconcile_errors_total{controller="item"} 1\n')
    expect(text).toContain('controller_runtime_reconcile_time_seconds_bucket{controller="item",le="0.2"} 1\n')
    expect(text).toContain(
      'controller_runtime_reconcile_time_seconds_bucket{controller="item",le="0.15"} 0\n',
    )
  })

  it('of queues go on when a controller gets a new queue', () => {
    const metrics = createMetrics()
    metrics.queueMetrics('item').incrementAdds()
    metrics.queueMetrics('item').incrementAdds()
    expect(metrics.text()).toContain('workqueue_adds_total{name="item",controller="item"} 2\n')
  })
})
