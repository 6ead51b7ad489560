import { exactJson } from '@k1s/apimachinery'
import type { ApiResponse } from '@k1s/core'
import type { Exchange } from '../exchange.ts'
import { isPretty, type Representation } from '../negotiation/negotiate.ts'
import type { TypedObject } from '../protobuf/kubernetes-protobuf.ts'
import { warningHeaders } from './warning-headers.ts'
import { writeBytes } from './write-bytes.ts'

/** Writes an object in the form that was negotiated, with its warnings. */
export async function writeObject(
  exchange: Exchange,
  representation: Representation,
  { code, body, warnings }: Pick<ApiResponse, 'code' | 'warnings'> & { body: object },
): Promise<void> {
  if (warnings !== undefined && warnings.length > 0) {
    exchange.response.setHeader('Warning', warningHeaders(warnings))
  }
  const { mediaType } = representation
  await writeBytes(
    exchange,
    code,
    mediaType,
    await encode(exchange, representation, spoken(representation, body)),
  )
}

async function encode(
  { query, request }: Exchange,
  { mediaType, pretty }: Representation,
  body: object,
): Promise<string | Uint8Array> {
  if (mediaType === 'application/yaml') {
    const { encodeYaml } = await import('@k1s/apimachinery/yaml')
    return encodeYaml(body)
  }
  if (mediaType === 'application/vnd.kubernetes.protobuf') {
    const { encodeKubernetesProtobuf } = await import('../protobuf/kubernetes-protobuf.ts')
    return encodeKubernetesProtobuf(body as TypedObject)
  }
  if (pretty || isPretty(query, request.headers['user-agent'])) return exactJson(body, 2)
  return `${exactJson(body)}\n`
}

/** Tables and metadata of v1beta1 differ from those of v1 in nothing but the version. */
export function spoken({ as, metaVersion }: Representation, body: object): object {
  if (as === undefined || metaVersion !== 'v1beta1') return body
  if (!('apiVersion' in body) || body.apiVersion !== 'meta.k8s.io/v1') return body
  return { ...body, apiVersion: 'meta.k8s.io/v1beta1' }
}
