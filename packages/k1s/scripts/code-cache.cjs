// Runs a `get` from the bundle. `list` then prints which of its modules were loaded, as JSON in the last line;
// `cache` writes V8's code caches: of the main script with the functions that ran, of the rest with none, since V8
// reads a whole cache at every start.
const { spawnSync } = require('node:child_process')
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { load } = require('../bin/k1s.cjs')

async function main(task) {
  const directory = mkdtempSync(join(tmpdir(), 'k1s-code-cache-'))
  const command = ['--data-dir', directory, 'get', 'namespaces']
  try {
    // The first command writes the objects that a store starts with. In a process of its own, to leave no trace here.
    spawnSync(process.execPath, [join(__dirname, '../bin/k1s.cjs'), ...command])
    const { script, exports } = load('k1s')
    if ((await exports.runCommandLine(command)) !== 0) return 1
    if (task === 'list') process.stdout.write(JSON.stringify(exports.loadedModules()))
    if (task === 'cache') {
      writeFileSync(join(__dirname, '../bundle/k1s.cache'), script.createCachedData())
      writeFileSync(join(__dirname, '../bundle/rest.cache'), load('rest').script.createCachedData())
    }
    return 0
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

main(process.argv[2]).then((exitCode) => {
  process.exitCode = exitCode
})
