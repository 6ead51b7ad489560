/** The middle of some numbers. */
export function median(values) {
  return percentile(values, 0.5)
}

/** The value that a share (0 to 1) of some numbers does not exceed. */
export function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)]
}

/** Runs `body` and returns how long it took, in milliseconds. */
export async function timeOf(body) {
  const start = process.hrtime.bigint()
  await body()
  return Number(process.hrtime.bigint() - start) / 1e6
}

/**
 * Runs named bodies in turn, `rounds` times after `warmUp` times that do not count, so that whatever else the machine
 * does meets all of them alike. Bodies get the number of the round. Returns what each returned, by name. `collect`
 * forces a garbage collection before each body, so that what one leaves behind is not for the other to clean up; V8
 * then also throws optimized code away, which is not for rounds of milliseconds.
 */
export async function alternate(bodies, { rounds, warmUp = 1, collect = true }) {
  const results = Object.fromEntries(Object.keys(bodies).map((name) => [name, []]))
  for (let round = -warmUp; round < rounds; round++) {
    for (const [name, body] of Object.entries(bodies)) {
      if (collect) globalThis.gc?.()
      const result = await body(round + warmUp)
      if (round >= 0) results[name].push(result)
    }
  }
  return results
}

/** The median of the quotients of two series, round by round. */
export function medianRatio(values, floors) {
  return median(values.map((value, round) => value / floors[round]))
}

/** Runs `operation(index)` for all indexes below `count`, at most `inFlight` at a time. */
export async function inFlight(count, inFlight, operation) {
  let next = 0
  const worker = async () => {
    while (next < count) await operation(next++)
  }
  await Promise.all(Array.from({ length: inFlight }, worker))
}
