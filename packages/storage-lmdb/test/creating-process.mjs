// Makes stores in new directories: `node creating-process.mjs DIRECTORY COUNT`. Runs on the built packages.
import { LmdbEngine } from '@k1s/storage-lmdb'

const [, , directory, count] = process.argv
for (let number = 0; number < Number(count); number++) {
  await new LmdbEngine({ path: `${directory}/${number}` }).close()
}
