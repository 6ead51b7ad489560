// The bundle runs from V8's code cache, where a script can require but not import. A real file can.
const { enableCompileCache } = require('node:module')

/**
 * Imports a module. Since Node 22.1, what V8 makes of it and of what it imports is kept in a directory, with what Node makes of
 * TypeScript, which takes longer than the rest.
 */
module.exports = (url, cacheDirectory) => {
  enableCompileCache?.(cacheDirectory)
  return import(url)
}
