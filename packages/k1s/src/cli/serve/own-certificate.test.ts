import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { issueTransientCertificate, loadServingCertificate, type ServingCertificate } from '@k1s/apiserver'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readOwnCertificate } from './own-certificate.ts'

const directory = mkdtempSync(join(tmpdir(), 'k1s-own-certificate-'))
const certFile = join(directory, 'tls.crt')
const keyFile = join(directory, 'tls.key')
let issued: ServingCertificate
beforeAll(async () => {
  issued = await issueTransientCertificate(['*.example.com', 'localhost', '192.0.2.1'])
})
afterAll(() => rmSync(directory, { recursive: true }))

function read(cert: string, key: string, host = 'localhost') {
  writeFileSync(certFile, cert)
  writeFileSync(keyFile, key)
  return readOwnCertificate(certFile, keyFile, host)
}

test('a self-signed certificate at the end of the chain is what clients have to trust', () => {
  const { cert, key } = issued.serving
  expect(read(cert + issued.authority, key).authority).toBe(issued.authority)
  expect(read(cert, key).authority).toBeUndefined()
})

test('a name of the certificate is given for a host that it is not for', () => {
  const { cert, key } = issued.serving
  expect(read(cert, key, 'localhost').tlsServerName).toBeUndefined()
  expect(read(cert, key, 'a.example.com').tlsServerName).toBeUndefined()
  expect(read(cert, key, '192.0.2.1').tlsServerName).toBeUndefined()
  expect(read(cert, key, '127.0.0.1').tlsServerName).toBe('k1s.example.com')
})

test('a file without a certificate or key is named', () => {
  const { cert, key } = issued.serving
  expect(() => read('nothing', key)).toThrow(`${certFile} holds no certificate in PEM format`)
  const damaged = cert.replace(/\n\w{20}/, '\nAAAAAAAAAAAAAAAAAAAA')
  expect(() => read(damaged, key)).toThrow(`${certFile} holds a certificate that cannot be read`)
  expect(() => read(cert, cert)).toThrow(`${keyFile} holds no private key in PEM format`)
  const { privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' },
  })
  expect(() => read(cert, privateKey)).toThrow('that can be read without a passphrase')
})

test('a certificate that has ended is refused', async () => {
  const past = Date.now() - 400 * 24 * 60 * 60 * 1000
  const { serving } = await loadServingCertificate(join(directory, 'past'), ['localhost'], past)
  expect(() => read(serving.cert, serving.key)).toThrow(`the certificate in ${certFile} ended on `)
})

test('a certificate that is not valid yet is refused', async () => {
  const future = Date.now() + 40 * 24 * 60 * 60 * 1000
  const { serving } = await loadServingCertificate(join(directory, 'future'), ['localhost'], future)
  expect(() => read(serving.cert, serving.key)).toThrow(`the certificate in ${certFile} is valid from `)
})
