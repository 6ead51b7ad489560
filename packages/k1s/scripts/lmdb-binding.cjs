// Loads lmdb's prebuilt binding directly. Part of the bundle only, in place of node-gyp-build-optional-packages.
const { existsSync } = require('node:fs')
const { createRequire } = require('node:module')

module.exports = () => {
  const fromHere = createRequire(__filename)
  const platform = `${process.platform}-${process.arch}`
  const musl = process.platform === 'linux' && existsSync('/etc/alpine-release')
  const file = process.platform === 'linux' ? `node.napi.${musl ? 'musl' : 'glibc'}.node` : 'node.napi.node'
  try {
    return fromHere(`@lmdb/lmdb-${platform}/${file}`)
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') throw error
    // Package managers that do not hoist keep it beside lmdb.
    const beside = createRequire(fromHere.resolve('lmdb/package.json'))
    return beside(`@lmdb/lmdb-${platform}/${file}`)
  }
}
