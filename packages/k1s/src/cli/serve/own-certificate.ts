import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import type { CertifiedKey } from '@k1s/apiserver'

/** A certificate that somebody else made, and what clients have to be told about it. */
export interface OwnCertificate {
  readonly serving: CertifiedKey
  /** PEM of the self-signed certificate at the end of the chain, if it is there. */
  readonly authority: string | undefined
  /** A name in the certificate, if it is not for `host`. */
  readonly tlsServerName: string | undefined
}

/** Throws an Error that names the file if they cannot serve. */
export function readOwnCertificate(certFile: string, keyFile: string, host: string): OwnCertificate {
  const cert = readText(certFile)
  const key = readText(keyFile)
  const chain = parseChain(cert, certFile)
  const [leaf] = chain
  if (!leaf.checkPrivateKey(parseKey(key, keyFile))) {
    throw new Error(`the private key in ${keyFile} does not belong to the first certificate in ${certFile}`)
  }
  if (Date.parse(leaf.validTo) <= Date.now()) {
    throw new Error(`the certificate in ${certFile} ended on ${leaf.validTo}`)
  }
  if (Date.parse(leaf.validFrom) > Date.now()) {
    throw new Error(`the certificate in ${certFile} is valid from ${leaf.validFrom} on only`)
  }
  const root = chain.at(-1)!
  const selfSigned = root.checkIssued(root) && root.verify(root.publicKey)
  return {
    serving: { cert, key },
    authority: selfSigned ? root.toString() : undefined,
    tlsServerName: isFor(leaf, host) ? undefined : firstDnsName(leaf),
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new Error(`cannot read ${file}: ${(error as Error).message}`, { cause: error })
  }
}

function parseChain(text: string, file: string): [X509Certificate, ...X509Certificate[]] {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  try {
    const [leaf, ...rest] = blocks.map((block) => new X509Certificate(block))
    if (leaf !== undefined) return [leaf, ...rest]
  } catch (error) {
    throw new Error(`${file} holds a certificate that cannot be read: ${(error as Error).message}`, {
      cause: error,
    })
  }
  throw new Error(`${file} holds no certificate in PEM format (-----BEGIN CERTIFICATE-----)`)
}

function parseKey(text: string, file: string): KeyObject {
  try {
    return createPrivateKey(text)
  } catch (error) {
    throw new Error(
      `${file} holds no private key in PEM format that can be read without a passphrase: ${(error as Error).message}`,
      { cause: error },
    )
  }
}

function isFor(certificate: X509Certificate, host: string): boolean {
  return (isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host)) !== undefined
}

function firstDnsName({ subjectAltName = '' }: X509Certificate): string | undefined {
  return /(?:^|, )DNS:([^,]+)/.exec(subjectAltName)?.[1]?.replace(/^\*/, 'k1s')
}
