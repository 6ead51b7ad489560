const shared = new WeakSet<object>()

/**
 * Says that a value is shared by many objects and never changes again, at any depth, so that its JSON need not be
 * written anew with each of them. Returns it.
 */
export function shareJson<T extends object>(value: T): T {
  shared.add(value)
  return value
}

export function isShared(value: object): boolean {
  return shared.has(value)
}
