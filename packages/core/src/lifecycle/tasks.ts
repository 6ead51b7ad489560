import type { StorageInterface, StorageKey } from '@k1s/storage'
import type { StoreContext } from '../registry-store/resource-request.ts'

/**
 * What a removal makes due, kept in the store with the write that made it due until it is done: whoever finds one
 * left behind by a process that ended in the middle finishes it. Every task can be run twice.
 */
export type Task =
  /** The owner with this uid is gone: collect what named it. */
  | { readonly kind: 'dependents'; readonly uid: string }
  /** The object under this key was written when an owner of it was gone or going: collect it if no other is there. */
  | { readonly kind: 'dependent'; readonly key: StorageKey }
  /** The object under this key is being deleted: see whether what holds it is done. */
  | { readonly kind: 'owner'; readonly key: StorageKey }
  | { readonly kind: 'namespace'; readonly name: string }
  | { readonly kind: 'definition'; readonly name: string }

export function encodeTask(task: Task): string {
  switch (task.kind) {
    case 'dependents':
      return `dependents ${task.uid}`
    case 'owner':
    case 'dependent':
      return `${task.kind} ${task.key}`
    default:
      return `${task.kind} ${task.name}`
  }
}

function decodeTask(text: string): Task {
  const [kind, subject = ''] = [text.slice(0, text.indexOf(' ')), text.slice(text.indexOf(' ') + 1)]
  switch (kind) {
    case 'dependents':
      return { kind, uid: subject }
    case 'owner':
    case 'dependent':
      return { kind, key: subject as StorageKey }
    case 'namespace':
    case 'definition':
      return { kind, name: subject }
    default:
      throw new Error(
        `the store holds a task that this version does not know: ${text}. A newer k1s wrote it: use that one`,
      )
  }
}

/** Runs tasks and takes them off the list. */
export async function runTasks(context: StoreContext, tenant: string, tasks: readonly Task[]): Promise<void> {
  const done: string[] = []
  for (const task of tasks) if (await runAlone(context, tenant, task)) done.push(encodeTask(task))
  if (done.length > 0) await context.storage.completeTasks(tenant, done)
}

/** Tasks under way in this process, by tenant and text, and whether they became due again meanwhile. */
const underWay = new WeakMap<StorageInterface, Map<string, boolean>>()

/**
 * Runs a task unless it is under way in this process: an owner of a thousand dependents is looked after once, not
 * with each that goes. The one under way then goes round again, and takes the task off the list in the end. Nobody
 * waits for it, since it may itself wait for who asks.
 */
async function runAlone(context: StoreContext, tenant: string, task: Task): Promise<boolean> {
  let running = underWay.get(context.storage)
  if (running === undefined) {
    running = new Map()
    underWay.set(context.storage, running)
  }
  const id = `${tenant} ${encodeTask(task)}`
  if (running.has(id)) {
    running.set(id, true)
    return false
  }
  try {
    do {
      running.set(id, false)
      await runTask(context, tenant, task)
    } while (running.get(id))
  } finally {
    running.delete(id)
  }
  return true
}

async function runTask(context: StoreContext, tenant: string, task: Task): Promise<void> {
  switch (task.kind) {
    case 'dependents':
      return (await import('./garbage-collection.ts')).collectDependents(context, tenant, task.uid)
    case 'dependent':
      return (await import('./garbage-collection.ts')).collect(context, tenant, task.key)
    case 'owner':
      return (await import('./garbage-collection.ts')).finishOwner(context, tenant, task.key)
    case 'namespace':
      return (await import('./namespace.ts')).finishNamespace(context, tenant, task.name)
    case 'definition':
      return (await import('./custom-resource-definition.ts')).finishDefinition(context, tenant, task.name)
  }
}

/** How long a process relies on having seen no removal left behind, in milliseconds. */
const checkInterval = 5000

/** The last look at what a tenant has left to do. */
interface Check {
  /** On the clock of `performance.now`. */
  readonly time: number
  /** Undefined once it is done. */
  finishing: Promise<void> | undefined
}

const checks = new WeakMap<StorageInterface, Map<string, Check>>()

/**
 * Finishes what is left of other processes' removals: before the first write of a tenant, and again every few seconds
 * for as long as there are writes. Undefined if there was a look just now.
 */
export function finishPendingTasks(context: StoreContext, tenant: string): Promise<void> | undefined {
  const { storage } = context
  let tenants = checks.get(storage)
  if (tenants === undefined) {
    tenants = new Map()
    checks.set(storage, tenants)
  }
  const last = tenants.get(tenant)
  const time = performance.now()
  if (last !== undefined && (last.finishing !== undefined || time - last.time < checkInterval)) {
    return last.finishing
  }
  const check: Check = { time, finishing: finishLeftTasks(context, tenant) }
  tenants.set(tenant, check)
  check.finishing!.then(
    () => {
      check.finishing = undefined
    },
    () => tenants.delete(tenant),
  )
  return check.finishing
}

async function finishLeftTasks(context: StoreContext, tenant: string): Promise<void> {
  const texts = await context.storage.tasks(tenant)
  await runTasks(context, tenant, texts.map(decodeTask))
}
