import { BrokenPipeError } from '../../src/streams/io-streams.ts'
import { processStreams } from '../../src/streams/process-streams.ts'

// Writes as many lines as it is told, with a word to stderr in the middle, and exits with 141 if the reader leaves.
const { out, err } = processStreams()
const count = Number(process.argv[2])
try {
  for (let line = 0; line < count; line++) {
    out.write(`line ${line}\n`)
    if (line === Math.floor(count / 2)) err.write('half\n')
  }
  out.flush()
} catch (error) {
  if (!(error instanceof BrokenPipeError)) throw error
  process.exitCode = 141
}
