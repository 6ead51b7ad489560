import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const program = fileURLToPath(new URL('./full-disk.mjs', import.meta.url))

/** Resolves when the process has opened the store, with what lets it begin. */
async function start(path: string, seed: number) {
  const child = spawn(process.execPath, [program, path, String(seed)])
  const ended = new Promise((resolve) => child.once('close', (code, signal) => resolve(signal ?? code)))
  const errors = text(child.stderr)
  await once(child.stdout, 'data')
  return async () => {
    child.stdin.end()
    const [result, stderr] = await Promise.all([text(child.stdout), errors])
    return { ended: await ended, stderr, ...JSON.parse(result || '{}') }
  }
}

// LMDB prints, and damages the memory of its process, when a disk refuses what it writes.
test.runIf(process.getuid?.() === 0 && process.platform === 'linux')(
  'a disk that is full all the time fails writes of two processes, and neither process',
  async (context) => {
    const directory = mkdtempSync(`${tmpdir()}/k1s-full-`)
    const disk = `${directory}/disk`
    mkdirSync(disk)
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1500k', 'tmpfs', disk])
    try {
      context.skip(mounted.status !== 0, 'mounting is not allowed here')
      const writers = await Promise.all([start(`${disk}/store`, 1), start(`${disk}/store`, 2)])
      for (const result of await Promise.all(writers.map((write) => write()))) {
        expect(result).toEqual({
          ended: 0,
          stderr: '',
          done: expect.toSatisfy((count: number) => count > 0),
          refused: expect.toSatisfy((count: number) => count > 0),
          refusals: [
            `the store at ${disk}/store could not be written, nothing was changed: the disk is full or failing; make room and try again`,
          ],
        })
      }
    } finally {
      spawnSync('umount', ['-l', disk])
      rmSync(directory, { recursive: true })
    }
  },
  30_000,
)
