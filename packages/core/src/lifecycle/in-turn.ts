import type { StorageInterface } from '@k1s/storage'

/** The end of the line, by store and name. */
const lines = new WeakMap<StorageInterface, Map<string, Promise<unknown>>>()

/** Runs `work` once all that was asked for before, in this process and under the same name, has ended. */
export function inTurn<T>(storage: StorageInterface, name: string, work: () => Promise<T>): Promise<T> {
  let names = lines.get(storage)
  if (names === undefined) {
    names = new Map()
    lines.set(storage, names)
  }
  const before = names.get(name)
  const done = before === undefined ? work() : before.then(work)
  const end = done.then(ended, ended)
  names.set(name, end)
  return done
}

function ended(): void {}
