import type { Info } from '@k1s/cli-runtime'

/** With the text of extendErrWaitTimeout of `k8s.io/kubectl/pkg/cmd/wait`. */
export class WaitTimeoutError extends Error {
  override readonly name = 'WaitTimeoutError'

  constructor({ mapping, name }: Info) {
    super(`timed out waiting for the condition on ${mapping.plural}/${name}`)
  }
}
