import { spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, request } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkServerIdentity } from 'node:tls'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { issueTransientCertificate, loadServingCertificate } from './certificate-files.ts'
import { servingNames } from './serving-names.ts'

let parent: string
let directory: string
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'k1s-certificates-'))
  directory = join(parent, 'apiserver')
})
afterEach(() => rmSync(parent, { recursive: true }))

const names = servingNames('127.0.0.1', ['api.example.com'])
const day = 24 * 60 * 60 * 1000

describe('a directory', () => {
  test('holds certificates and keys that only their owner can read', async () => {
    await loadServingCertificate(directory, names)
    expect(readdirSync(directory).sort()).toEqual(['ca.pem', 'serving.pem'])
    expect(statSync(directory).mode & 0o777).toBe(0o700)
    for (const file of readdirSync(directory))
      expect(statSync(join(directory, file)).mode & 0o777).toBe(0o600)
  })

  test('gives the same certificate again, so that kubeconfigs stay valid', async () => {
    const first = await loadServingCertificate(directory, names)
    expect(await loadServingCertificate(directory, ['localhost'])).toEqual(first)
  })

  test('gets another certificate of the same authority when a name is missing', async () => {
    const first = await loadServingCertificate(directory, names)
    const second = await loadServingCertificate(directory, [...names, '192.0.2.7'])
    expect(second.authority).toBe(first.authority)
    expect(new X509Certificate(first.serving.cert).checkIP('192.0.2.7')).toBeUndefined()
    expect(new X509Certificate(second.serving.cert).checkIP('192.0.2.7')).toBe('192.0.2.7')
    expect(await loadServingCertificate(directory, names)).toEqual(second)
  })

  test('gets another certificate 30 days before the end of the last', async () => {
    const now = Date.now()
    const first = await loadServingCertificate(directory, names, now)
    expect(await loadServingCertificate(directory, names, now + 330 * day)).toEqual(first)
    const second = await loadServingCertificate(directory, names, now + 336 * day)
    expect(second.serving.cert).not.toBe(first.serving.cert)
    expect(second.authority).toBe(first.authority)
  })

  test.each(['nonsense', '', 'the certificate of another authority'])(
    'gets another certificate when the file of the last holds %j',
    async (text) => {
      const first = await loadServingCertificate(directory, names)
      const foreign = (await issueTransientCertificate(names)).serving
      const content = text.startsWith('the') ? foreign.cert + foreign.key : text
      writeFileSync(join(directory, 'serving.pem'), content)
      const second = await loadServingCertificate(directory, names)
      expect(
        new X509Certificate(second.serving.cert).verify(new X509Certificate(first.authority).publicKey),
      ).toBe(true)
    },
  )

  test('with an authority that is damaged is refused, and left as it is', async () => {
    await loadServingCertificate(directory, names)
    const file = join(directory, 'ca.pem')
    const text = readFileSync(file, 'utf8')
    const foreign = (await issueTransientCertificate(names)).serving
    for (const damaged of [
      '',
      text.slice(0, 300),
      text.split('-----BEGIN PRIVATE')[0]!,
      foreign.cert + foreign.key,
    ]) {
      writeFileSync(file, damaged)
      await expect(loadServingCertificate(directory, names)).rejects.toThrow(
        `${file} is damaged: it does not hold a certificate authority with its private key. Restore it from a backup, or remove it`,
      )
      expect(readFileSync(file, 'utf8')).toBe(damaged)
    }
  })

  test('with an authority that has ended, or has not begun, is refused', async () => {
    await loadServingCertificate(directory, names)
    const file = join(directory, 'ca.pem')
    await expect(loadServingCertificate(directory, names, Date.now() + 3651 * day)).rejects.toThrow(
      `the certificate authority in ${file} ended on `,
    )
    await expect(loadServingCertificate(directory, names, Date.now() - day)).rejects.toThrow(
      'which is in the future: check the clock of this machine',
    )
  })

  test('never gets a certificate that outlasts its authority', async () => {
    const now = Date.now()
    await loadServingCertificate(directory, names, now)
    const { serving, authority } = await loadServingCertificate(directory, names, now + 3500 * day)
    expect(new X509Certificate(serving.cert).validTo).toBe(new X509Certificate(authority).validTo)
  })

  test('that many ask at once gets one authority, and a whole file', async () => {
    const loaded = await Promise.all(
      Array.from({ length: 8 }, (_, n) => loadServingCertificate(directory, [...names, `host-${n}`])),
    )
    expect(new Set(loaded.map(({ authority }) => authority)).size).toBe(1)
    const stored = await loadServingCertificate(directory, names)
    expect(loaded).toContainEqual(stored)
    expect(readdirSync(directory).sort()).toEqual(['ca.pem', 'serving.pem'])
  })

  test('that others could read becomes private again', async () => {
    await loadServingCertificate(directory, names)
    chmodSync(directory, 0o755)
    chmodSync(join(directory, 'ca.pem'), 0o644)
    await loadServingCertificate(directory, names)
    expect(statSync(directory).mode & 0o777).toBe(0o700)
    expect(statSync(join(directory, 'ca.pem')).mode & 0o777).toBe(0o600)
  })
})

test('a file in the way is named', async () => {
  writeFileSync(directory, '')
  await expect(loadServingCertificate(directory, names)).rejects.toThrow(
    `cannot make the directory ${directory}: `,
  )
})

describe('a certificate', () => {
  test('has positive serial numbers, an hour of slack, and ends after a year', async () => {
    const { serving, authority } = await issueTransientCertificate(names)
    for (const pem of [serving.cert, authority]) {
      const certificate = new X509Certificate(pem)
      expect(certificate.serialNumber).toMatch(/^[4-7][0-9A-F]{31}$/)
      const begins = Date.now() - Date.parse(certificate.validFrom)
      expect(begins).toBeGreaterThan(59 * 60_000)
      expect(begins).toBeLessThan(62 * 60_000)
    }
    const days = (Date.parse(new X509Certificate(serving.cert).validTo) - Date.now()) / day
    expect(Math.round(days)).toBe(365)
  })

  test.each(['localhost', '127.0.0.1', '::1', 'kubernetes.default.svc', 'api.example.com'])(
    'is accepted by node:tls for %s',
    async (name) => {
      const { serving, authority } = await issueTransientCertificate(names)
      const server = createServer(serving, (_, response) => response.end('ok'))
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const { port } = server.address() as AddressInfo
      const answered = await new Promise((resolve, reject) => {
        request(
          {
            host: '127.0.0.1',
            port,
            ca: authority,
            agent: false,
            servername: 'localhost',
            checkServerIdentity: (_, certificate) => checkServerIdentity(name, certificate),
          },
          (response) => response.resume().once('end', () => resolve(response.statusCode)),
        )
          .once('error', reject)
          .end()
      })
      server.close()
      expect(answered).toBe(200)
    },
  )

  const openssl = spawnSync('openssl', ['version'])
  test.skipIf(openssl.status !== 0)(
    'passes the strict checks of openssl (skipped without openssl)',
    async () => {
      await loadServingCertificate(directory, names)
      const verify = (...options: string[]) =>
        spawnSync(
          'openssl',
          ['verify', '-x509_strict', '-purpose', 'sslserver', ...options, '-CAfile', 'ca.pem', 'serving.pem'],
          { cwd: directory, encoding: 'utf8' },
        )
      expect(verify('-verify_hostname', 'api.example.com').stdout).toBe('serving.pem: OK\n')
      expect(verify('-verify_ip', '::1').stdout).toBe('serving.pem: OK\n')
      expect(verify('-verify_hostname', 'other.example.com').status).not.toBe(0)
    },
  )
})
