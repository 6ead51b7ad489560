import type { Transport } from '@k1s/core'
import { Exposition } from '@k1s/core/metrics'
import type { Collector } from './collector.ts'
import { ControllerFamilies } from './controller-families.ts'
import type { ManagerMetrics } from './manager-metrics.ts'
import { NumberFamily } from './number-family.ts'
import { QueueFamilies } from './queue-families.ts'
import { requestResultsName, writeRequestResults } from './request-results.ts'

/** The metrics of a manager, under the names that controller-runtime gives them, and those of the client's requests to a server. */
export function createMetrics(transport?: Transport): ManagerMetrics {
  const controllers = new ControllerFamilies()
  const queues = new QueueFamilies()
  const leader = new NumberFamily(
    'leader_election_master_status',
    'gauge',
    "Gauge of if the reporting system is master of the relevant lease, 0 indicates backup, 1 indicates master. 'name' is the string used to identify the lease. Please make sure to group by name.",
  )
  const own: readonly Collector[] = [...controllers.all, ...queues.all, leader]
  const registered: Collector[] = []
  return {
    register(...collectors) {
      for (const collector of collectors) {
        checkName(collector, [...own, ...registered])
        registered.push(collector)
      }
    },
    text() {
      const exposition = new Exposition()
      for (const family of [...own, ...registered]) family.write(exposition)
      writeRequestResults(exposition, transport?.requestResults?.() ?? [])
      return exposition.toString()
    },
    controllerMetrics: (controller, max) => controllers.of(controller, max),
    queueMetrics: (name) => queues.of(name),
    leaderStatus: (name) => leader.of({ name }),
  }
}

/** Two families of one name would make the text unreadable as a whole. */
function checkName({ name }: Collector, others: readonly Collector[]): void {
  if (!/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name)) {
    throw new Error(`${JSON.stringify(name)} is not a valid metric name`)
  }
  if (name === requestResultsName || others.some((other) => other.name === name)) {
    throw new Error(`duplicate metrics collector registration attempted: ${name}`)
  }
}
