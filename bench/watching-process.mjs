// The other process of the watch budget: tells when it saw each event, and each change of a plain file.
import { readFileSync, watch } from 'node:fs'
import { Item } from './item.mjs'
import { openEngine, openRuntime } from './stores.mjs'

const [, , path, plainFile] = process.argv
const runtime = await openRuntime(await openEngine('lmdb', path))
const events = []
const changes = new Map()

const plainWatcher = watch(plainFile, () => {
  const time = String(process.hrtime.bigint())
  const name = readFileSync(plainFile, 'latin1').trim()
  if (!changes.has(name)) changes.set(name, time)
})

const end = new AbortController()
process.on('message', () => end.abort())

const { metadata } = await runtime.client.list(Item)
const watching = runtime.client.watch(Item, { resourceVersion: metadata.resourceVersion, signal: end.signal })
setTimeout(() => process.send('ready'), 100)
for await (const { object } of watching) events.push([object.metadata.name, String(process.hrtime.bigint())])
plainWatcher.close()
process.send({ events, changes: [...changes] })
process.disconnect()
await runtime.close()
