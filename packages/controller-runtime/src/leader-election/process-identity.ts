/** Imported, these would take longer than a run in which there is nothing to do. */
const builtin = process.getBuiltinModule

/** What identities of holders are made of: `HOST_PID_START_PLACE_ID`. */
interface ProcessIdentity {
  readonly host: string
  readonly pid: number
  /** When the process began, in ticks since the machine did; empty where that cannot be told. */
  readonly start: string
  /** The boot of the machine and the namespace that the pid is of: only there does it mean the same process. */
  readonly place: string
}

/** A name for this process, or a part of it, by which others on this machine can tell whether it is alive. */
export function newHolderIdentity(): string {
  const { host, pid, start, place } = ownIdentity()
  return [host, pid, start, place, crypto.randomUUID().slice(0, 8)].join('_')
}

/**
 * What others of this machine can tell of a holder: `dead` for certain, `stopped` by a signal (its work is only held up),
 * `unknown` for one of another machine and for all else.
 */
export function stateOfHolder(identity: string): 'dead' | 'stopped' | 'alive' | 'unknown' {
  const holder = parseIdentity(identity)
  const own = ownIdentity()
  if (holder === undefined || holder.host !== own.host || holder.place !== own.place) return 'unknown'
  if (own.start === '') return isRunning(holder.pid) ? 'unknown' : 'dead'
  const process = readProcess(holder.pid)
  if (process === undefined) return isRunning(holder.pid) ? 'unknown' : 'dead'
  if (process.start !== holder.start || process.state === 'Z' || process.state === 'X') return 'dead'
  return process.state === 'T' || process.state === 't' ? 'stopped' : 'alive'
}

/** The host and process id in the name of a holder; undefined for names that `newHolderIdentity` did not make. */
export function processOfHolder(
  identity: string,
): { readonly host: string; readonly pid: number } | undefined {
  const holder = parseIdentity(identity)
  return holder && { host: holder.host, pid: holder.pid }
}

/** Whether a holder is a part of this process, whose timers go on as long as anybody asks. */
export function isOfThisProcess(identity: string): boolean {
  const holder = parseIdentity(identity)
  const { host, pid, place } = ownIdentity()
  return holder?.host === host && holder.pid === pid && holder.place === place
}

let own: ProcessIdentity | undefined

function ownIdentity(): ProcessIdentity {
  own ??= {
    host: builtin('node:os').hostname().replaceAll('_', '-'),
    pid: process.pid,
    start: readProcess(process.pid)?.start ?? '',
    place: placeOfProcesses(),
  }
  return own
}

function parseIdentity(identity: string): ProcessIdentity | undefined {
  const [host, pid, start, place, id] = identity.split('_')
  if (host === undefined || start === undefined || place === undefined || id === undefined) return undefined
  const number = Number(pid)
  return Number.isInteger(number) && number > 0 ? { host, pid: number, start, place } : undefined
}

function placeOfProcesses(): string {
  try {
    const boot = builtin('node:fs').readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()
    const namespace = builtin('node:fs').readlinkSync('/proc/self/ns/pid').replace(/\D/g, '')
    return `${boot}-${namespace}`
  } catch {
    // Not Linux: a machine that was started again has other pids, which then look alive at worst.
    return ''
  }
}

/** Of `/proc/PID/stat`, where the name of the program, in parentheses, may hold anything. */
function readProcess(pid: number): { state: string; start: string } | undefined {
  try {
    const text = builtin('node:fs').readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0] ?? '', start: fields[19] ?? '' }
  } catch {
    return undefined
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}
