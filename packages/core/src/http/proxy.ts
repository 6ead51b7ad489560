import { BlockList, isIP } from 'node:net'

/**
 * The proxy of a server: that of the kubeconfig, else that of HTTPS_PROXY or HTTP_PROXY unless NO_PROXY says otherwise
 * (`golang.org/x/net/http/httpproxy`). An Error if it is none that can be used.
 */
export function proxyOf(
  server: URL,
  configured: string | undefined,
  env: NodeJS.ProcessEnv,
): string | undefined {
  if (configured) return checkProxy(configured, 'proxy-url')
  const name = server.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY'
  const proxy = env[name] || env[name.toLowerCase()]
  if (!proxy || !usesProxy(server, env.NO_PROXY || env.no_proxy || '')) return undefined
  return checkProxy(proxy.includes('://') ? proxy : `http://${proxy}`, name)
}

function checkProxy(proxy: string, source: string): string {
  if (!URL.canParse(proxy)) throw new Error(`${source} is no URL: ${JSON.stringify(proxy)}`)
  const { protocol } = new URL(proxy)
  if (protocol === 'http:' || protocol === 'https:') return proxy
  throw new Error(
    `${source} names a proxy of type ${protocol.slice(0, -1)}, which is not supported: use one of http or https`,
  )
}

function usesProxy(server: URL, exceptions: string): boolean {
  const host = server.hostname.replace(/^\[(.*)\]$/, '$1')
  const port = server.port || (server.protocol === 'https:' ? '443' : '80')
  if (host === 'localhost' || host === '::1' || inNetwork(host, '127.0.0.0', 8)) return false
  return !exceptions.split(',').some((exception) => matches(exception.trim().toLowerCase(), host, port))
}

/** `*`, an address, a network in CIDR notation, a domain with all within it, or with a leading dot those alone. */
function matches(exception: string, host: string, port: string): boolean {
  if (exception === '') return false
  if (exception === '*') return true
  const [network, prefix] = exception.split('/')
  if (prefix !== undefined) return inNetwork(host, network!, Number(prefix))
  const [, name = exception, onlyPort] = /^(.*?|\[.*\]):(\d+)$/.exec(exception) ?? []
  if (onlyPort !== undefined && onlyPort !== port && isIP(exception) === 0) return false
  const wanted = isIP(exception) === 0 ? name.replace(/^\[(.*)\]$/, '$1').replace(/^\*\./, '.') : exception
  if (wanted.startsWith('.')) return host.endsWith(wanted)
  return host === wanted || (isIP(wanted) === 0 && host.endsWith(`.${wanted}`))
}

function inNetwork(host: string, network: string, prefix: number): boolean {
  const version = isIP(network)
  if (version === 0 || isIP(host) !== version) return false
  const type = version === 6 ? 'ipv6' : 'ipv4'
  const list = new BlockList()
  list.addSubnet(network, prefix, type)
  return list.check(host, type)
}
