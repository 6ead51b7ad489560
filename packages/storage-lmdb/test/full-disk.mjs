// A process of the test of full disks: `node full-disk.mjs DIRECTORY SEED`. Runs on the built packages. Puts and removes entries of all
// sizes, alone and many at once, once its input ends, and prints how many writes were done and refused, and with which error.
import { text } from 'node:stream/consumers'
import { LmdbEngine } from '@k1s/storage-lmdb'

const [, , path, seed] = process.argv
const engine = new LmdbEngine({ path })
process.stdout.write('open\n')
await text(process.stdin)
let state = Number(seed)
const below = (limit) => {
  state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
  return (state >> 8) % limit
}
const sizes = [50, 900, 1100, 2100, 5000, 60_000]

function change(transaction) {
  const count = below(4) === 0 ? 1 + below(200) : 1 + below(4)
  for (let index = 0; index < count; index++) {
    const key = Buffer.from(`key/${'p'.repeat(below(200))}${below(400)}`)
    if (below(5) === 0) transaction.delete(key)
    else transaction.put(key, Buffer.alloc(sizes[below(sizes.length)] >> (count > 10 ? 3 : 0), 7))
  }
}

let done = 0
const refusals = new Set()
let refused = 0
for (let round = 0; round < 500; round++) {
  const writes = Array.from({ length: 1 + below(6) }, () => engine.write(change))
  for (const { status, reason } of await Promise.allSettled(writes)) {
    if (status === 'fulfilled') done++
    else {
      refused++
      refusals.add(reason.message)
    }
  }
}
await engine.close()
process.stdout.write(JSON.stringify({ done, refused, refusals: [...refusals] }))
