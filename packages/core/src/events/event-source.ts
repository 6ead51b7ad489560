import type { UserInfo } from '../request.ts'

/** Who records: `v1.EventSource`. */
export interface EventSource {
  /** Such as `robot-controller`; also the manager of the Events' fields. */
  readonly component: string
  /** On which machine. */
  readonly host?: string
  /** What Events of `events.k8s.io/v1` name. Default: the component. */
  readonly reportingController?: string
  /** Default: the host. */
  readonly reportingInstance?: string
  /** In whose name; told by the annotation `k1s.dev/user`. */
  readonly user?: UserInfo
}
