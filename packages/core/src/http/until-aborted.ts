import { followSignal } from './follow-signal.ts'

/** What the work comes to, or the signal's reason if that is earlier: for work that takes no signal itself. */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let release: () => void = () => {}
  const aborted = new Promise<never>((_, reject) => {
    release = followSignal(signal, reject)
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    release()
  }
}
