// Preloaded into a process that is measured: tells its peak memory on descriptor 3 when it exits. VmHWM and not
// getrusage, whose maximum includes what the parent had when it forked.
const { readFileSync, writeSync } = require('node:fs')

process.on('exit', () => {
  writeSync(3, /VmHWM:\s*(\d+) kB/.exec(readFileSync('/proc/self/status', 'latin1'))[1])
})
