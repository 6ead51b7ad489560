#!/usr/bin/env node
// Runs the bundle from V8's code cache, which the build made: without it Node spends twice as long on compiling as
// k1s needs for a `get`. V8 refuses a cache of another version of itself; everything works without, a bit slower.
const { readFileSync } = require('node:fs')
const { dirname, join } = require('node:path')
const { Script } = require('node:vm')

/** Runs a script of the bundle as a CommonJS module that can load further ones. */
function load(name) {
  const file = join(__dirname, '../bundle', `${name}.cjs`)
  // The bundle is ASCII, which latin1 reads fastest.
  const source = `(function (exports, require, module, __filename, __dirname, load) {${readFileSync(file, 'latin1')}\n})`
  // The cache keeps the name that stacks show, and is made on another machine.
  const script = new Script(source, { filename: `k1s/bundle/${name}.cjs`, cachedData: readCache(name) })
  const module = { exports: {} }
  script.runInThisContext().call(module.exports, module.exports, require, module, file, dirname(file), load)
  return { script, exports: module.exports }
}

function readCache(name) {
  try {
    return readFileSync(join(__dirname, '../bundle', `${name}.cache`))
  } catch {
    return undefined
  }
}

if (require.main === module) load('k1s').exports.main(process.argv.slice(2))
else module.exports = { load }
