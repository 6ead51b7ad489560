/** An error of Node's network or TLS as Go's standard library words it. */
export function connectionProblem(error: unknown, host: string): string {
  const { code, address, port, message, cert } = error as NetworkError
  if (code === undefined) return message ?? String(error)
  if (certificateProblems[code] !== undefined) return certificateProblems[code]
  const peer = address === undefined ? host : formatAddress(address, port)
  if (dialProblems[code] !== undefined) return `dial tcp ${peer}: connect: ${dialProblems[code]}`
  switch (code) {
    case 'ENOTFOUND':
      return `dial tcp: lookup ${withoutPort(host)}: no such host`
    case 'EAI_AGAIN':
      return `dial tcp: lookup ${withoutPort(host)}: server misbehaving`
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `tls: failed to verify certificate: ${nameProblem(withoutPort(host), cert?.subjectaltname)}`
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'EPROTO':
      if (!message?.includes('wrong version number') && code === 'EPROTO') return message ?? code
      return 'http: server gave HTTP response to HTTPS client'
    case 'ECONNRESET':
      return message === 'socket hang up' || message === 'aborted' ? 'EOF' : 'read: connection reset by peer'
    case 'EPIPE':
      return 'write: broken pipe'
    default:
      return message ?? code
  }
}

/** The connection broke before or in the middle of an answer, which says nothing about the request. */
export function isConnectionLoss(error: unknown): boolean {
  const { code } = error as NetworkError
  return code === 'ECONNRESET' || code === 'EPIPE' || code === 'ERR_STREAM_PREMATURE_CLOSE'
}

interface NetworkError {
  readonly code?: string
  readonly address?: string
  readonly port?: number
  readonly message?: string
  readonly cert?: { readonly subjectaltname?: string }
}

const dialProblems: { readonly [code: string]: string } = {
  ECONNREFUSED: 'connection refused',
  EHOSTUNREACH: 'no route to host',
  ENETUNREACH: 'network is unreachable',
  ETIMEDOUT: 'connection timed out',
  EADDRNOTAVAIL: 'cannot assign requested address',
}

const unknownAuthority = 'tls: failed to verify certificate: x509: certificate signed by unknown authority'

const certificateProblems: { readonly [code: string]: string } = {
  DEPTH_ZERO_SELF_SIGNED_CERT: unknownAuthority,
  SELF_SIGNED_CERT_IN_CHAIN: unknownAuthority,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownAuthority,
  CERT_HAS_EXPIRED: 'tls: failed to verify certificate: x509: certificate has expired or is not yet valid',
  CERT_NOT_YET_VALID: 'tls: failed to verify certificate: x509: certificate has expired or is not yet valid',
}

/** `HostnameError` of Go's `crypto/x509`. */
function nameProblem(host: string, alternativeNames = ''): string {
  const names = alternativeNames.split(', ').map((name) => name.replace(/^(DNS|IP Address):/, ''))
  const wanted = /^[\d.]+$|:/.test(host) ? 'IP Address' : 'DNS'
  const valid = names.filter((_, index) => alternativeNames.split(', ')[index]!.startsWith(wanted))
  if (wanted === 'IP Address' && valid.length === 0) {
    return `x509: cannot validate certificate for ${host} because it doesn't contain any IP SANs`
  }
  return valid.length === 0
    ? `x509: certificate is not valid for any names, but wanted to match ${host}`
    : `x509: certificate is valid for ${valid.join(', ')}, not ${host}`
}

function formatAddress(address: string, port = 0): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}

function withoutPort(host: string): string {
  return host.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1')
}
