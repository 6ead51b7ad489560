#!/usr/bin/env node
// Runs the bundle from V8's code cache, which the build made: without it Node spends twice as long on compiling as
// k1s needs for a `get`. V8 refuses a cache of another version of itself; everything works without, a bit slower.
const { readFileSync } = require('node:fs')
const { dirname, join } = require('node:path')
const { Script } = require('node:vm')

const file = join(__dirname, '../bundle/k1s.cjs')

function readCache() {
  try {
    return readFileSync(join(__dirname, '../bundle/k1s.cache'))
  } catch {
    return undefined
  }
}

// The bundle is ASCII, which latin1 reads fastest.
const source = `(function (exports, require, module, __filename, __dirname) {${readFileSync(file, 'latin1')}\n})`
const script = new Script(source, { filename: file, cachedData: readCache() })
const bundle = { exports: {} }
script.runInThisContext().call(bundle.exports, bundle.exports, require, bundle, file, dirname(file))

if (require.main === module) bundle.exports.main(process.argv.slice(2))
else module.exports = { script, ...bundle.exports }
