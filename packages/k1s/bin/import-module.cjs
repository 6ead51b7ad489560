// The bundle runs from V8's code cache, where a script can require but not import. A real file can.
module.exports = (url) => import(url)
