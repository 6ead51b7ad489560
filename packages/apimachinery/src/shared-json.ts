const texts = new WeakMap<object, string>()

/**
 * Says that a value is shared by many objects and never changes again, at any depth, so that its JSON need not be
 * written anew with each of them. Returns it.
 */
export function shareJson<T extends object>(value: T): T {
  if (!texts.has(value)) texts.set(value, JSON.stringify(value))
  return value
}

/** The JSON of a shared value; undefined for any other. */
export function sharedJsonText(value: object): string | undefined {
  return texts.get(value)
}
