/**
 * The items of pages, one at a time. An item of the page at hand costs one promise, where a generator of
 * generators takes several turns of the microtask queue for each.
 *
 * `end` is called when the consumer leaves, before the pages are told: it must make a page that is waited for end.
 */
export function flattenPages<T>(
  pages: AsyncGenerator<Iterable<T>, void, void>,
  end: () => void,
): AsyncIterableIterator<T> {
  let page: Iterator<T> | undefined
  let turn: Promise<unknown> = Promise.resolve()
  let waiting = 0

  const advance = async (): Promise<IteratorResult<T, undefined>> => {
    while (true) {
      const item = page?.next()
      if (item !== undefined && item.done !== true) return item
      page = undefined
      const next = await pages.next()
      if (next.done === true) return { done: true, value: undefined }
      page = next.value[Symbol.iterator]()
    }
  }
  const inTurn = (): Promise<IteratorResult<T, undefined>> => {
    waiting++
    const result = turn.then(advance)
    turn = result.then(
      () => waiting--,
      () => waiting--,
    )
    return result
  }

  return {
    async next() {
      if (waiting > 0) return inTurn()
      const item = page?.next()
      return item !== undefined && item.done !== true ? item : inTurn()
    },
    async return() {
      end()
      page = undefined
      await pages.return()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
