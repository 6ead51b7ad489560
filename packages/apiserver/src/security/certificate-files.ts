import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { type CertifiedKey, issueAuthority, issueServingCertificate } from './issue-certificate.ts'
import {
  createPrivateFile,
  makePrivateDirectory,
  readPrivateFile,
  replacePrivateFile,
} from './private-file.ts'

/** What a server shows its clients, and what they know it by. */
export interface ServingCertificate {
  /** For the TLS server, as PEM. */
  readonly serving: CertifiedKey
  /** The certificate of the authority that signed it, as PEM: for clients. */
  readonly authority: string
  /** Milliseconds since the epoch at which it has to be renewed. */
  readonly renewAt: number
}

/** A serving certificate is renewed this long before it ends, in milliseconds. */
const renewBefore = 30 * 24 * 60 * 60 * 1000

/**
 * The serving certificate that a directory holds, for these DNS names and IP addresses. What is missing is made, and a
 * certificate renewed that lacks a name or ends within 30 days. The authority (`ca.pem`) is made once and then kept, so
 * that clients go on knowing the server; servers that start at the same time agree on one.
 *
 * @throws Error that names the file and says what to do if the authority is damaged, has ended, or is of the future.
 */
export async function loadServingCertificate(
  directory: string,
  names: readonly string[],
  now = Date.now(),
): Promise<ServingCertificate> {
  makePrivateDirectory(directory)
  const authority = await loadAuthority(join(directory, 'ca.pem'), now)
  const file = join(directory, 'serving.pem')
  const stored = readServing(file, authority, names, now)
  if (stored !== undefined) return stored
  const serving = await issueServingCertificate(authority, names, now)
  replacePrivateFile(file, serving.cert + serving.key)
  return withAuthority(serving, authority)
}

/** The same without files, for as long as the process runs. */
export async function issueTransientCertificate(names: readonly string[]): Promise<ServingCertificate> {
  const authority = await issueAuthority()
  return withAuthority(await issueServingCertificate(authority, names), authority)
}

async function loadAuthority(file: string, now: number): Promise<CertifiedKey> {
  let text = readPrivateFile(file)
  if (text === undefined) {
    const made = await issueAuthority(now)
    text = createPrivateFile(file, made.cert + made.key)
  }
  const parsed = parseCertifiedKey(text)
  if (parsed === undefined || !parsed.certificate.ca) {
    throw new Error(
      `${file} is damaged: it does not hold a certificate authority with its private key. ${remedy}`,
    )
  }
  const { validFrom, validTo } = parsed.certificate
  if (Date.parse(validTo) <= now) {
    throw new Error(`the certificate authority in ${file} ended on ${validTo}. ${remedy}`)
  }
  if (Date.parse(validFrom) > now) {
    throw new Error(
      `the certificate authority in ${file} begins on ${validFrom}, which is in the future: check the clock of this machine`,
    )
  }
  return parsed
}

const remedy =
  'Restore it from a backup, or remove it and start again: a new one is made then, and kubeconfigs that were written before have to be replaced by the new one'

/** Undefined if it cannot serve, or not for long: the next one takes its place, so why does not matter. */
function readServing(
  file: string,
  authority: CertifiedKey,
  names: readonly string[],
  now: number,
): ServingCertificate | undefined {
  const text = readPrivateFile(file)
  const parsed = text === undefined ? undefined : parseCertifiedKey(text)
  if (parsed === undefined) return undefined
  const { certificate, cert, key } = parsed
  const issuer = new X509Certificate(authority.cert)
  if (!certificate.checkIssued(issuer) || !certificate.verify(issuer.publicKey)) return undefined
  if (Date.parse(certificate.validFrom) > now) return undefined
  const result = withAuthority({ cert, key }, authority)
  return result.renewAt > now && hasNames(certificate, names) ? result : undefined
}

function withAuthority(serving: CertifiedKey, authority: CertifiedKey): ServingCertificate {
  const renewAt = Date.parse(new X509Certificate(serving.cert).validTo) - renewBefore
  return { serving, authority: authority.cert, renewAt }
}

function hasNames(certificate: X509Certificate, names: readonly string[]): boolean {
  const dnsNames = new Set((certificate.subjectAltName ?? '').split(', '))
  return names.every((name) =>
    isIP(name) === 0 ? dnsNames.has(`DNS:${name}`) : certificate.checkIP(name) !== undefined,
  )
}

/** A certificate followed by its private key. Undefined if the text is anything else, or they do not belong together. */
function parseCertifiedKey(text: string): (CertifiedKey & { certificate: X509Certificate }) | undefined {
  const at = text.search(/^-----BEGIN [A-Z ]*PRIVATE KEY-----$/m)
  if (at < 0) return undefined
  const cert = text.slice(0, at)
  const key = text.slice(at)
  let certificate: X509Certificate
  let privateKey: KeyObject
  try {
    certificate = new X509Certificate(cert)
    privateKey = createPrivateKey(key)
  } catch {
    return undefined
  }
  return certificate.checkPrivateKey(privateKey) ? { cert, key, certificate } : undefined
}
