import type { Transport } from '@k1s/core'
import { Document } from '../documents/document.ts'
import type { DocumentCache } from '../documents/document-cache.ts'
import { writeDocument } from '../documents/write-document.ts'
import type { Exchange } from '../exchange.ts'
import { type AcceptClause, parseAccept } from '../negotiation/accept.ts'
import { isPretty, negotiate } from '../negotiation/negotiate.ts'

const mediaTypes = ['application/json', 'application/yaml'] as const

interface DiscoveryRepresentation {
  readonly mediaType: (typeof mediaTypes)[number]
  readonly pretty: boolean
  readonly aggregated: boolean
}

/** The parameters of a media type by which clients ask for aggregated discovery and recognise it. */
const aggregatedParameters = 'g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'

/**
 * Answers `/api`, `/apis`, `/apis/{group}`, `/api/{version}` and `/apis/{group}/{version}`. The first two are
 * aggregated for clients whose `Accept` has a clause for that, be it before or behind others:
 * `k8s.io/apiserver/pkg/endpoints/discovery/aggregated`. NotFound if nothing is served under the path, NotAcceptable if
 * it can not be had as the client wants it.
 */
export async function writeDiscovery(
  exchange: Exchange,
  transport: Transport,
  cache: DocumentCache,
  path: string,
): Promise<void> {
  const representation = negotiateDiscovery(exchange, path)
  const { mediaType, aggregated, pretty } = representation
  const document = await cache.get(
    exchange.tenant,
    `${path} ${mediaType} ${aggregated} ${pretty} ${path === '/api' ? addressOf(exchange) : ''}`,
    async () => {
      const description = await transport.describe!(exchange.tenant, path, { aggregated })
      const withAddress = path === '/api' && !aggregated
      return encode(withAddress ? reachableAt(addressOf(exchange), description) : description, representation)
    },
  )
  exchange.response.setHeader('Vary', 'Accept')
  if (!aggregated) return writeDocument(exchange, mediaType, document)
  exchange.response.setHeader('Cache-Control', 'public')
  return writeDocument(exchange, `${mediaType};${aggregatedParameters}`, document)
}

function negotiateDiscovery({ request, query }: Exchange, path: string): DiscoveryRepresentation {
  const { accept } = request.headers
  const isRoot = path === '/api' || path === '/apis'
  const isPerson = isPretty(query, request.headers['user-agent'])
  if (isRoot && accept !== undefined) {
    for (const clause of parseAccept(accept)) {
      const mediaType = mediaTypes.find((candidate) => asksAggregated(clause, candidate))
      if (mediaType === undefined) continue
      return { mediaType, aggregated: true, pretty: isPerson || clause.params.get('pretty') === '1' }
    }
  }
  const { mediaType, pretty } = negotiate(accept, mediaTypes)
  return {
    mediaType: mediaType === 'application/yaml' ? mediaType : 'application/json',
    aggregated: false,
    pretty: pretty || isPerson,
  }
}

/** A `profile` may be set to `nopeer`, which is what a server without peers always answers. */
function asksAggregated({ type, subtype, params }: AcceptClause, mediaType: string): boolean {
  if (params.get('g') !== 'apidiscovery.k8s.io' || params.get('v') !== 'v2') return false
  if (params.get('as') !== 'APIGroupDiscoveryList') return false
  if (params.get('sv') || (params.get('stream') ?? 'watch') !== 'watch') return false
  if (type === '*') return subtype === '*'
  return type === 'application' && (subtype === '*' || mediaType === `application/${subtype}`)
}

/** All forms have the tag of the plain JSON; `Vary` keeps caches from mixing them up. */
async function encode(
  description: object,
  { mediaType, pretty }: DiscoveryRepresentation,
): Promise<Document> {
  const plain = new Document(`${JSON.stringify(description)}\n`)
  if (mediaType === 'application/yaml') {
    const { encodeYaml } = await import('@k1s/apimachinery/yaml')
    return new Document(encodeYaml(description), plain.etag)
  }
  return pretty ? new Document(JSON.stringify(description, undefined, 2), plain.etag) : plain
}

function reachableAt(serverAddress: string, versions: object): object {
  return { ...versions, serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress }] }
}

/** The address that the client reached, with the port. */
function addressOf({ request: { socket } }: Exchange): string {
  const { localAddress = '', localPort = 0 } = socket
  return localAddress.includes(':') ? `[${localAddress}]:${localPort}` : `${localAddress}:${localPort}`
}
