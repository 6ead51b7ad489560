import { item, itemName } from './item.mjs'
import { openEngine, openRuntime } from './stores.mjs'

/**
 * The floor of a create: one `engine.write` of as many records, with keys and values of the same lengths, without
 * anything that makes them an object. The engine is one of its own.
 */
export async function bareCommits(type, path) {
  const records = await recordsOfCreate()
  const engine = await openEngine(type, path)
  let count = 0
  return {
    commit() {
      const number = ++count
      return engine.write((transaction) => {
        for (const { key, value, fixed } of records) {
          const ownKey = Buffer.from(key)
          if (!fixed) ownKey.writeUIntBE(number, ownKey.length - 6, 6)
          transaction.put(ownKey, Buffer.from(value))
        }
      })
    },
    close: () => engine.close(),
  }
}

/** What a create puts; `fixed` are those whose key is the same in every create. */
async function recordsOfCreate() {
  const engine = await openEngine('memory')
  let puts = []
  const recording = new Proxy(engine, {
    get(target, name) {
      if (name !== 'write') return bound(target, name)
      return (body) => target.write((transaction) => body(recordPuts(transaction, puts)))
    },
  })
  const runtime = await openRuntime(recording)
  const creates = []
  for (let number = 0; number < 3; number++) {
    puts = []
    await runtime.client.create(item(itemName('recorded', number)))
    creates.push(puts)
  }
  await runtime.close()
  const earlier = new Set(creates[1].map(({ key }) => key.toString('hex')))
  return creates[2].map((record) => ({ ...record, fixed: earlier.has(record.key.toString('hex')) }))
}

function recordPuts(transaction, puts) {
  return new Proxy(transaction, {
    get(target, name) {
      if (name !== 'put') return bound(target, name)
      return (key, value) => {
        puts.push({ key: Buffer.from(key), value: Buffer.from(value) })
        target.put(key, value)
      }
    },
  })
}

function bound(target, name) {
  const value = target[name]
  return typeof value === 'function' ? value.bind(target) : value
}
