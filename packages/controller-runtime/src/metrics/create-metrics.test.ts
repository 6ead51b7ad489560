import { describe, expect, it } from 'vitest'
import { newCounter, newGauge, newHistogram } from './application-metrics.ts'
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
    expect(metrics.text()).not.toContain('controller_runtime_reconcile_time_seconds')
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

  it('have the depth of the queue that there is, and nothing of what was left in the one before', () => {
    const metrics = createMetrics()
    const interrupted = metrics.queueMetrics('item')
    interrupted.incrementDepth(0)
    interrupted.incrementDepth(-100)
    metrics.queueMetrics('other').incrementDepth(0)
    metrics.queueMetrics('item').incrementDepth(0)
    expect(metrics.text().match(/^workqueue_depth.*/gm)).toEqual([
      'workqueue_depth{name="item",controller="item",priority="0"} 1',
      'workqueue_depth{name="item",controller="item",priority="-100"} 0',
      'workqueue_depth{name="other",controller="other",priority="0"} 1',
    ])
  })

  it('have those of the application behind their own', () => {
    const metrics = createMetrics()
    const published = newCounter('website_published_total', 'Pages that were published.')
    const open = newGauge('website_open', 'Sites that are open.')
    const size = newHistogram('website_page_bytes', 'Sizes of pages.', [100, 1000])
    metrics.register(published, open, size)
    expect(metrics.text()).not.toContain('website')
    published.of({ site: 'a', by: 'b' }).add()
    published.of({ by: 'b', site: 'a' }).add(2)
    open.of().value = 4
    size.of().observe(250)
    expect(metrics.text()).toContain(`# HELP website_published_total Pages that were published.
# TYPE website_published_total counter
website_published_total{site="a",by="b"} 3
# HELP website_open Sites that are open.
# TYPE website_open gauge
website_open 4
# HELP website_page_bytes Sizes of pages.
# TYPE website_page_bytes histogram
website_page_bytes_bucket{le="100"} 0
website_page_bytes_bucket{le="1000"} 1
website_page_bytes_bucket{le="+Inf"} 1
website_page_bytes_sum 250
website_page_bytes_count 1
`)
  })

  it.each(['workqueue_depth', 'rest_client_requests_total', 'mine'])('has %s once', (name) => {
    const metrics = createMetrics()
    metrics.register(newCounter('mine', ''))
    expect(() => metrics.register(newCounter(name, ''))).toThrow(
      `duplicate metrics collector registration attempted: ${name}`,
    )
  })

  it('show a histogram of the application from the time on that it is asked for', () => {
    const metrics = createMetrics()
    const size = newHistogram('website_page_bytes', '', [100])
    metrics.register(size)
    size.of({ site: 'a' })
    expect(metrics.text()).toContain('website_page_bytes_count{site="a"} 0\n')
  })

  it('count up only', () => {
    expect(() => newCounter('mine', '').of().add(-1)).toThrow('counter cannot decrease in value: mine')
  })

  it('refuse labels that are none', () => {
    const gauge = newGauge('mine', '')
    for (const name of ['a-b', '__reserved']) {
      expect(() => gauge.of({ [name]: '' })).toThrow(`"${name}" is not a valid label name for metric "mine"`)
    }
    expect(() => newHistogram('mine', '').of({ le: '' })).toThrow(
      '"le" is not allowed as label name in histograms: mine',
    )
  })

  it('refuse values of labels that are no text', () => {
    expect(() => newCounter('mine', '').of({ code: 200 as never })).toThrow(
      new TypeError('the label code of metric mine is a string, not 200'),
    )
  })

  it('keep the labels that they were given, whatever becomes of the object', () => {
    const metrics = createMetrics()
    const published = newCounter('published', '')
    metrics.register(published)
    const labels = { site: 'a' }
    published.of(labels).add()
    labels.site = 'b'
    published.of(labels).add()
    expect(metrics.text()).toContain('published{site="a"} 1\npublished{site="b"} 1\n')
  })

  it('refuse what is no name', () => {
    expect(() => createMetrics().register(newCounter('pages-published', ''))).toThrow(
      '"pages-published" is not a valid metric name',
    )
  })
})
