// Opens and closes the store in a directory again and again: `node reopening-process.mjs DIRECTORY COUNT`. Runs on the built packages.
import { LmdbEngine } from '@k1s/storage-lmdb'

const [, , path, count] = process.argv
const key = Buffer.from('opened')
for (let round = 0; round < Number(count); round++) {
  const engine = new LmdbEngine({ path })
  if (round % 100 === 0) {
    await engine.write((transaction) => {
      const before = transaction.get(key)
      transaction.put(key, Buffer.from(String(Number(before === undefined ? 0 : Buffer.from(before)) + 1)))
    })
  }
  await engine.close()
}
