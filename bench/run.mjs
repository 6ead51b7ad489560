// Measures the budgets of docs/performance.md, all of them or those that are named, beside their floors. Prints a
// table; a run of all of them also writes results.json. Build first.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, statfsSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'
import { formatTable, holds } from './report.mjs'
import { benchDirectory } from './stores.mjs'

const budgets = readdirSync(new URL('./budgets/', import.meta.url)).map((file) => file.replace('.mjs', ''))
const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !budgets.includes(name))
if (unknown.length > 0) {
  console.error(`no budget ${unknown.join(', ')}: there are ${budgets.join(', ')}`)
  process.exit(2)
}

const rows = []
for (const name of wanted.length > 0 ? wanted : budgets) {
  process.stderr.write(`measuring ${name}\n`)
  const measured = await measureApart(name)
  const load = readFileSync('/proc/loadavg', 'latin1').split(' ')[0]
  rows.push(...measured.map((row) => ({ ...row, load })))
}
console.log(formatTable(rows))
if (wanted.length === 0) {
  const results = { ...environment(), rows: rows.map((row) => ({ ...row, pass: holds(row) })) }
  writeFileSync(new URL('./results.json', import.meta.url), `${JSON.stringify(results, undefined, 2)}\n`)
}

/** Measures one budget in a process of its own, so that none inherits the heap of another. */
async function measureApart(name) {
  const child = fork(fileURLToPath(new URL('./one-budget.mjs', import.meta.url)), [name], {
    execArgv: ['--expose-gc'],
  })
  const [rowsOrCode] = await Promise.race([once(child, 'message'), once(child, 'exit')])
  if (!Array.isArray(rowsOrCode)) throw new Error(`${name} could not be measured: exit code ${rowsOrCode}`)
  return rowsOrCode
}

function environment() {
  const fileSystems = new Map([
    [0xef53, 'ext4'],
    [0x01021994, 'tmpfs'],
    [0x58465342, 'xfs'],
    [0x9123683e, 'btrfs'],
    [0x794c7630, 'overlay'],
  ])
  const { type } = statfsSync(benchDirectory)
  return {
    date: new Date().toISOString(),
    node: process.version,
    machine: {
      cpu: cpus()[0].model.trim(),
      cpus: cpus().length,
      memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
      fileSystem: fileSystems.get(type) ?? `0x${type.toString(16)}`,
    },
  }
}
