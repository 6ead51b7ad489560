import { isNotFound } from '@k1s/apimachinery'
import type { Transport } from '@k1s/core'
import { Document } from '../documents/document.ts'
import type { DocumentCache } from '../documents/document-cache.ts'
import { encodeDocument } from '../documents/encode-document.ts'
import { writeDocument } from '../documents/write-document.ts'
import type { Exchange } from '../exchange.ts'
import { parseAccept } from '../negotiation/accept.ts'

const secondsOfYear = 365 * 24 * 60 * 60

/** Answers `/openapi/v2`: `k8s.io/kube-openapi/pkg/handler`. */
export async function writeOpenAPIV2(
  exchange: Exchange,
  transport: Transport,
  cache: DocumentCache,
): Promise<void> {
  exchange.response.setHeader('Vary', 'Accept')
  const subtype = negotiateSubtype(exchange, subtypesV2)
  if (subtype === undefined) return writeEmpty(exchange, 406)
  const json = await jsonOf(exchange, transport, cache, '/openapi/v2')
  if (subtype === 'json') return writeDocument(exchange, 'application/json', json)
  const protobuf = await cache.get(exchange.tenant, `/openapi/v2 ${protobufV2}`, async () => {
    const { encodeOpenAPIV2 } = await import('../protobuf/openapi-v2.ts')
    return new Document(
      await encodeOpenAPIV2(await transport.describe!(exchange.tenant, '/openapi/v2')),
      json.etag,
    )
  })
  return writeDocument(exchange, `application/${protobufV2}`, protobuf)
}

const protobufV2 = 'com.github.proto-openapi.spec.v2.v1.0+protobuf'
/** With a name for protobuf that is no valid media type, which is what clients send nonetheless. */
const subtypesV2 = ['json', 'com.github.proto-openapi.spec.v2@v1.0+protobuf', protobufV2] as const

/** Answers `/openapi/v3`, the index of documents, always as JSON: `k8s.io/kube-openapi/pkg/handler3`. */
export async function writeOpenAPIV3Index(
  exchange: Exchange,
  transport: Transport,
  cache: DocumentCache,
): Promise<void> {
  await writeDocument(exchange, 'application/json', await jsonOf(exchange, transport, cache, '/openapi/v3'))
}

/**
 * Answers `/openapi/v3/{path}`, the document of a group version. With the hash that the index names, it may be kept for
 * ever; with an older one, the client is sent on to the current one.
 */
export async function writeOpenAPIV3(
  exchange: Exchange,
  transport: Transport,
  cache: DocumentCache,
  path: string,
): Promise<void> {
  const { response, query } = exchange
  response.setHeader('Vary', 'Accept')
  if (negotiateSubtype(exchange, ['json']) === undefined) return writeEmpty(exchange, 406)
  const document = await found(jsonOf(exchange, transport, cache, path))
  if (document === undefined) return writeEmpty(exchange, 404)

  const wanted = query.get('hash')
  if (wanted) {
    const hash = document.etag.slice(1, -1)
    if (wanted !== hash) {
      response.setHeader('ETag', document.etag)
      response.setHeader('Location', `${prefixOf(exchange)}${path}?hash=${hash}`)
      return writeEmpty(exchange, 301)
    }
    response.setHeader('Cache-Control', 'public, immutable')
    response.setHeader('Expires', new Date(Date.now() + secondsOfYear * 1000).toUTCString())
  }
  return writeDocument(exchange, 'application/json', document)
}

function jsonOf(
  { tenant }: Exchange,
  transport: Transport,
  cache: DocumentCache,
  path: string,
): Promise<Document> {
  return cache.get(tenant, path, async () => encodeDocument(await transport.describe!(tenant, path)))
}

/** The first of what the client prefers that there is. */
function negotiateSubtype<Subtype extends string>(
  { request }: Exchange,
  offered: readonly Subtype[],
): Subtype | undefined {
  for (const { type, subtype } of parseAccept(request.headers.accept || '*/*')) {
    if (type !== 'application' && type !== '*') continue
    const found = offered.find((candidate) => subtype === '*' || subtype === candidate)
    if (found !== undefined) return found
  }
  return undefined
}

async function found(document: Promise<Document>): Promise<Document | undefined> {
  try {
    return await document
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}

function writeEmpty({ response }: Exchange, code: number): void {
  response.statusCode = code
  response.setHeader('Content-Length', 0)
  response.end()
}

/** What the client put before the path: `/tenants/NAME`, or nothing. */
function prefixOf({ request, path }: Exchange): string {
  const [whole = ''] = (request.url ?? '').split('?')
  return whole.endsWith(path) ? whole.slice(0, -path.length) : ''
}
