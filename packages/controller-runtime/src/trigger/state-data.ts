import type { PendingRequest } from '../queue/request-queue.ts'
import { requestKey, requestOfKey } from '../reconcile.ts'
import type { ControllerState } from './controller-state.ts'

/** The data of the ConfigMap that keeps a controller's state. */
export interface StateData {
  data?: { resourceVersions?: string; pending?: string; lastPeriod?: string; savedAt?: string }
  /** The text of `pending` if it is long: compressed by gzip, in base64. */
  binaryData?: { pending?: string }
}

/** Longer text of pending requests is compressed. */
const maxTextLength = 100_000
/** A longer compressed text is not saved: a ConfigMap has at most 1 MiB, metadata included. */
const maxCompressedLength = 900_000
/** Longer text was not saved by `encodeState`, bytes. */
const maxDecompressedLength = 64 * 1024 * 1024

/** Versions are revisions of etcd, which are signed 64-bit integers. */
const latestVersion = 2n ** 63n - 1n

/** The last instant that a Date can tell, milliseconds: a requeue after `Infinity` is due then. */
const latestDate = 8.64e15

/**
 * Pending requests become lines of `NAMESPACE/NAME DUE FAILURES PRIORITY`, escaped as in a URI where a name has a space or a line
 * break. If they are too many to save, everything but `lastPeriod` is left out, so that the next run looks at all objects, which
 * includes those.
 */
export async function encodeState({
  resourceVersions,
  pending,
  lastPeriod,
  savedAt,
}: ControllerState): Promise<StateData> {
  const lines = pending.map(
    ({ request, dueAt, failures, priority }) =>
      `${encodeURI(requestKey(request))} ${new Date(Math.min(dueAt, latestDate)).toISOString()} ${failures} ${priority}`,
  )
  const text = lines.join('\n')
  const period = lastPeriod === undefined ? {} : { lastPeriod: new Date(lastPeriod).toISOString() }
  const saved = savedAt === undefined ? {} : { savedAt: new Date(savedAt).toISOString() }
  const data = { resourceVersions: JSON.stringify(resourceVersions), ...period, ...saved }
  if (text.length <= maxTextLength) return { data: { ...data, pending: text } }
  const compressed = await compress(text)
  if (compressed.length <= maxCompressedLength) return { data, binaryData: { pending: compressed } }
  return { data: period }
}

/** What cannot be read counts as nothing known. */
export async function decodeState({ data = {}, binaryData }: StateData): Promise<ControllerState> {
  const resourceVersions = versionsOf(data.resourceVersions)
  const text = binaryData?.pending === undefined ? data.pending : await decompress(binaryData.pending)
  const isKnown = resourceVersions !== undefined && (binaryData?.pending === undefined || text !== undefined)
  const pending = isKnown ? pendingOf(text ?? '') : undefined
  return {
    // Versions without the pending requests would mean that those are done.
    resourceVersions: pending === undefined ? {} : (resourceVersions ?? {}),
    pending: pending ?? [],
    lastPeriod: timeOf(data.lastPeriod),
    savedAt: timeOf(data.savedAt),
  }
}

async function compress(text: string): Promise<string> {
  const [{ gzip }, { promisify }] = await Promise.all([import('node:zlib'), import('node:util')])
  return (await promisify(gzip)(text)).toString('base64')
}

/** Undefined if it is not what `compress` makes. */
async function decompress(base64: string): Promise<string | undefined> {
  const [{ gunzip }, { promisify }] = await Promise.all([import('node:zlib'), import('node:util')])
  try {
    const options = { maxOutputLength: maxDecompressedLength }
    return (await promisify(gunzip)(Buffer.from(base64, 'base64'), options)).toString()
  } catch {
    return undefined
  }
}

function timeOf(text: string | undefined): number | undefined {
  const time = text === undefined ? Number.NaN : Date.parse(text)
  return Number.isNaN(time) ? undefined : time
}

function versionsOf(text: string | undefined): { [resource: string]: string } | undefined {
  try {
    const versions: unknown = JSON.parse(text ?? '{}')
    if (typeof versions !== 'object' || versions === null || Array.isArray(versions)) return undefined
    const entries = Object.entries(versions)
    return entries.every(([, version]) => isVersion(version)) ? Object.fromEntries(entries) : undefined
  } catch {
    return undefined
  }
}

/** A server refuses one that is none, and goes on refusing it. */
function isVersion(version: unknown): boolean {
  return typeof version === 'string' && /^\d+$/.test(version) && BigInt(version) <= latestVersion
}

function pendingOf(text: string): PendingRequest[] | undefined {
  const pending: PendingRequest[] = []
  for (const line of text.split('\n')) {
    if (line === '') continue
    const [escaped = '', due = '', failures, priority] = line.split(' ')
    const key = unescapedKey(escaped)
    const dueAt = Date.parse(due)
    if (key?.includes('/') !== true || Number.isNaN(dueAt)) return undefined
    pending.push({
      request: requestOfKey(key),
      dueAt,
      failures: Number(failures) || 0,
      priority: Number.isFinite(Number(priority)) ? Number(priority) : 0,
    })
  }
  return pending
}

function unescapedKey(escaped: string): string | undefined {
  try {
    return decodeURI(escaped)
  } catch {
    return undefined
  }
}
