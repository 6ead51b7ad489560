let isSet = false

/**
 * For commands that wait: a signal ends them quietly, with the exit codes that shells give. Others keep what the
 * system does with signals, which also ends a process that is busy and hears of nothing: the store is safe against
 * that at any instant.
 */
export function exitOnSignals(): void {
  if (isSet) return
  isSet = true
  process.once('SIGINT', () => process.exit(130))
  process.once('SIGTERM', () => process.exit(143))
}
