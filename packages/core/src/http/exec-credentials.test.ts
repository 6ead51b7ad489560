import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ExecCredentials } from './exec-credentials.ts'

const apiVersion = 'client.authentication.k8s.io/v1'
let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'k1s-exec-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

const runs = () => readFileSync(join(directory, 'runs'), 'utf8').length

/** Credentials from a shell script that counts its runs in a file. */
function plugin(script: string, fields: { command?: string } = {}): ExecCredentials {
  const path = join(directory, 'plugin.sh')
  writeFileSync(
    path,
    `printf x >> ${directory}/runs\nN=$(wc -c < ${directory}/runs | tr -d ' ')\n${script}\n`,
  )
  const exec = { command: 'sh', args: [path], env: [], apiVersion, interactiveMode: 'Never', installHint: '' }
  return new ExecCredentials({ ...exec, provideClusterInfo: false, ...fields }, {}, process.env)
}

const answer = (status: object) =>
  `cat <<EOF\n${JSON.stringify({ kind: 'ExecCredential', apiVersion, status })}\nEOF`

test('requests at the same time share one run, and later ones its token', async () => {
  const credentials = plugin(answer({ token: 't$N' }))
  const all = await Promise.all([1, 2, 3].map(() => credentials.current()))
  all.push(await credentials.current())
  expect(all).toEqual(all.map(() => ({ authorization: 'Bearer t1' })))
  expect(runs()).toBe(1)
})

test('it is run again when its token has expired, or was refused by a server, once for all that were', async () => {
  const expired = plugin(answer({ token: 't$N', expirationTimestamp: '2020-01-01T00:00:00Z' }))
  expect(await expired.current()).toEqual({ authorization: 'Bearer t1' })
  expect(await expired.current()).toEqual({ authorization: 'Bearer t2' })
  const refused = plugin(answer({ token: 't$N' }))
  const old = await refused.current()
  expect(await Promise.all([refused.refused(old), refused.refused(old)])).toEqual([true, true])
  expect(await refused.refused(old)).toBe(true)
  expect(await refused.current()).toEqual({ authorization: 'Bearer t4' })
})

test.each([
  ['fails', 'exit 3', 'exec: executable sh failed with exit code 3'],
  ['is killed', 'kill -9 $$', 'exec: executable sh failed with exit code -1'],
  ['says nothing', '', /^decoding stdout: /],
  ['says no JSON', 'echo hello', /^decoding stdout: /],
  [
    'has no status',
    `echo '{"kind":"ExecCredential","apiVersion":"${apiVersion}"}'`,
    "exec plugin didn't return a status field",
  ],
  ['has no token', answer({}), "exec plugin didn't return a token or cert/key pair"],
  [
    'has a certificate alone',
    answer({ clientCertificateData: 'x' }),
    'exec plugin returned only certificate or key, not both',
  ],
])('a program that %s is an error, and is run again for the next request', async (_, script, message) => {
  const credentials = plugin(script)
  await expect(credentials.current()).rejects.toThrow(message)
  await expect(credentials.current()).rejects.toThrow(message)
  expect(runs()).toBe(2)
})

test('a program that is not installed is named, with what kubectl says of plugins', async () => {
  await expect(plugin('', { command: 'no-such-plugin' }).current()).rejects.toThrow(
    /^exec: executable no-such-plugin not found\n\nIt looks like you are trying to use a client-go credential plugin/,
  )
})

test('a path that is no program is told as by Go', async () => {
  const path = join(directory, 'plugin.sh')
  await expect(plugin('', { command: `${path}x` }).current()).rejects.toThrow(
    `exec: fork/exec ${path}x: no such file or directory`,
  )
  await expect(plugin('', { command: path }).current()).rejects.toThrow(
    `exec: fork/exec ${path}: permission denied`,
  )
})

test('a program that hangs is ended when its credentials are no longer wanted', async () => {
  const credentials = plugin(
    `echo $$ > ${directory}/pid; mv ${directory}/pid ${directory}/running; exec sleep 600`,
  )
  const waiting = credentials.current()
  await expect.poll(() => existsSync(join(directory, 'running'))).toBe(true)
  credentials.close()
  await expect(waiting).rejects.toThrow('failed with exit code -1')
  const pid = Number(readFileSync(join(directory, 'running'), 'utf8'))
  expect(() => process.kill(pid, 0)).toThrow('ESRCH')
})
