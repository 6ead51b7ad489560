import type { Labels } from '@k1s/core/metrics'
import type { Collector } from './collector.ts'
import { HistogramFamily } from './histogram-family.ts'
import { NumberFamily } from './number-family.ts'

/** A number for each set of labels that only grows. */
export interface Counter extends Collector {
  /** The number of these labels, which begins at 0. `add` throws a RangeError for less than 0. */
  of(labels?: Labels): { readonly value: number; add(change?: number): void }
}

/** A number for each set of labels that goes up and down. */
export interface Gauge extends Collector {
  /** The number of these labels, which begins at 0. */
  of(labels?: Labels): { value: number; add(change?: number): void }
}

/** How many of the observed values are at most as large as each bucket, for each set of labels. */
export interface HistogramMetric extends Collector {
  of(labels?: Labels): { observe(value: number): void }
}

/** `prometheus.NewCounterVec`. */
export function newCounter(name: string, help: string): Counter {
  const family = new NumberFamily(name, 'counter', help)
  return {
    name,
    write: (exposition) => family.write(exposition),
    of(labels = {}) {
      const number = family.of(checked(name, labels))
      return {
        get value() {
          return number.value
        },
        add(change = 1) {
          if (!(change >= 0)) throw new RangeError(`counter cannot decrease in value: ${name}`)
          number.add(change)
        },
      }
    },
  }
}

/** `prometheus.NewGaugeVec`. */
export function newGauge(name: string, help: string): Gauge {
  const family = new NumberFamily(name, 'gauge', help)
  return {
    name,
    write: (exposition) => family.write(exposition),
    of: (labels = {}) => family.of(checked(name, labels)),
  }
}

/** `prometheus.DefBuckets`, for seconds that a service takes to answer. */
const defaultBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** `prometheus.NewHistogramVec`. The buckets are upper bounds, in any order. */
export function newHistogram(
  name: string,
  help: string,
  buckets: readonly number[] = defaultBuckets,
): HistogramMetric {
  const bounds = [...new Set(buckets)].filter(Number.isFinite).sort((a, b) => a - b)
  const family = new HistogramFamily(name, help, bounds)
  return {
    name,
    write: (exposition) => family.write(exposition),
    of(labels = {}) {
      if ('le' in labels) throw new Error(`"le" is not allowed as label name in histograms: ${name}`)
      return family.of(checked(name, labels))
    },
  }
}

/** A valid name of a label. Names that begin with two underscores are Prometheus' own. */
const labelName = /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/

/** A copy, since the caller may change its own. */
function checked(metric: string, labels: Labels): Labels {
  for (const [name, value] of Object.entries(labels)) {
    if (!labelName.test(name)) {
      throw new Error(
        `${JSON.stringify(name)} is not a valid label name for metric ${JSON.stringify(metric)}`,
      )
    }
    if (typeof value !== 'string') {
      throw new TypeError(`the label ${name} of metric ${metric} is a string, not ${String(value)}`)
    }
  }
  return { ...labels }
}
