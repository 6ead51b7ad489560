/** Of a timer of Node, milliseconds. */
const longestInterval = 2 ** 31 - 1

/**
 * Keeps the process alive until the function that it returns is called. A promise does not, and neither do channels, signals
 * and timers of Leases: a process that waits for nothing else would end in the middle, with exit code 0 or 13.
 */
export function keepProcess(): () => void {
  const timer = setInterval(() => {}, longestInterval)
  return () => clearInterval(timer)
}
