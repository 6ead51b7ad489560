import { checkFields, type FieldsOf } from '@k1s/apimachinery'
import { controllerOptionFields } from '../controller/controller-options.ts'
import type { LeaderElectionOptions } from '../leader-election/leader-election-options.ts'
import type { ManagerOptions, RunOptions } from './manager.ts'

const managerOptionFields: FieldsOf<ManagerOptions> = {
  logger: true,
  lifecycleLogLevel: true,
  leaderElection: true,
  metricsBindAddress: true,
  healthProbeBindAddress: true,
  gracefulShutdownTimeout: true,
  controller: true,
  syncPeriod: true,
  namespaces: true,
  stateNamespace: true,
}

const leaderElectionFields: FieldsOf<LeaderElectionOptions> = {
  id: true,
  namespace: true,
  leaseDuration: true,
  renewDeadline: true,
  retryPeriod: true,
  releaseOnCancel: true,
}

const runOptionFields: FieldsOf<RunOptions> = {
  controllers: true,
  retryWithin: true,
  untilIdle: true,
  deadline: true,
  signal: true,
  onProgress: true,
}

/** Throws a TypeError for an option that managers do not have. */
export function checkManagerOptions(options: ManagerOptions): void {
  checkFields('newManager', options, managerOptionFields)
  const { controller, leaderElection } = options
  if (controller !== undefined) checkFields('newManager: controller', controller, controllerOptionFields)
  if (leaderElection !== undefined) {
    checkFields('newManager: leaderElection', leaderElection, leaderElectionFields)
  }
}

/** Throws a TypeError for an option that runs do not have. */
export function checkRunOptions(options: RunOptions): void {
  checkFields('runOnce', options, runOptionFields)
}
