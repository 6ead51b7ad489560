// Writes V8's code cache of the bundle. It holds the functions that ran before it was made, here those of a `get`
// with a table, and only them: V8 reads the whole cache at every start.
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { runCommandLine, script } = require('../bin/k1s.cjs')

async function main() {
  const directory = mkdtempSync(join(tmpdir(), 'k1s-code-cache-'))
  try {
    const exitCode = await runCommandLine(['--data-dir', directory, 'get', 'namespaces'])
    if (exitCode !== 0)
      process.stderr.write('the code cache is of a failed command and will save less time\n')
    writeFileSync(join(__dirname, '../bundle/k1s.cache'), script.createCachedData())
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

main()
