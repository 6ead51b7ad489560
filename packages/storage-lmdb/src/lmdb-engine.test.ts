import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { MvccStore } from '@k1s/storage'
import { engineBehaviour, storageBehaviour } from '@k1s/storage/testing'
import { LmdbEngine } from '@k1s/storage-lmdb'
import { afterAll, describe, it } from 'vitest'

const directory = mkdtempSync(`${tmpdir()}/k1s-lmdb-`)
let count = 0
const open = () => new LmdbEngine({ path: `${directory}/${count++}` })
afterAll(() => rmSync(directory, { recursive: true }))

engineBehaviour({ name: 'lmdb', describe, it, open })
storageBehaviour({ name: 'lmdb', describe, it, open: (options) => new MvccStore(open(), options) })
