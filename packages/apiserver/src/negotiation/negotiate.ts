import { newNotAcceptable } from '@k1s/apimachinery'
import type { RequestOptions } from '@k1s/core'
import { type AcceptClause, parseAccept } from './accept.ts'

export type MediaType = 'application/json' | 'application/yaml' | 'application/vnd.kubernetes.protobuf'

/** In which form a client wants its answer. */
export interface Representation {
  readonly mediaType: MediaType
  /** Indented, for people. */
  readonly pretty: boolean
  readonly as?: NonNullable<RequestOptions['as']>
  /** The version of meta.k8s.io that the client speaks, when `as` is set. */
  readonly metaVersion?: 'v1' | 'v1beta1'
}

const json: Representation = { mediaType: 'application/json', pretty: false }

export interface NegotiateOptions {
  /** Whether the answer can be turned into tables and metadata. */
  readonly transforms?: boolean
  readonly stream?: boolean
  /** The media types of what is not turned into something else. Default: all that are offered. */
  readonly untransformed?: readonly MediaType[]
}

/**
 * Chooses among media types, the first being the default: `NegotiateOutputMediaType` of
 * `k8s.io/apiserver/pkg/endpoints/handlers/negotiation`. A clause that asks for what there is not is passed over.
 * NotAcceptable if that leaves none.
 */
export function negotiate(
  accept: string | undefined,
  offered: readonly MediaType[],
  { transforms = false, stream = false, untransformed = offered }: NegotiateOptions = {},
): Representation {
  if (!accept || accept === 'application/json') return json
  for (const clause of parseAccept(accept)) {
    for (const mediaType of offered) {
      if (!matches(clause, mediaType)) continue
      const representation = accepted(clause, mediaType, transforms)
      if (representation === undefined) continue
      if (representation.as !== undefined || untransformed.includes(mediaType)) return representation
    }
  }
  const list = offered.map((mediaType) => (stream ? `${mediaType};stream=watch` : mediaType))
  throw newNotAcceptable(`only the following media types are accepted: ${list.join(', ')}`)
}

function matches({ type, subtype }: AcceptClause, mediaType: MediaType): boolean {
  if (type === '*') return subtype === '*'
  return type === 'application' && (subtype === '*' || mediaType === `application/${subtype}`)
}

function accepted(
  { params }: AcceptClause,
  mediaType: MediaType,
  transforms: boolean,
): Representation | undefined {
  const stream = params.get('stream')
  if (stream && stream !== 'watch') return undefined
  if (params.get('sv')) return undefined
  const pretty = params.get('pretty') === '1'
  const kind = params.get('as')
  if (kind === undefined && !params.has('g') && !params.has('v')) return { mediaType, pretty }
  const metaVersion = params.get('v')
  if (!transforms || params.get('g') !== 'meta.k8s.io') return undefined
  if (metaVersion !== 'v1' && metaVersion !== 'v1beta1') return undefined
  if (kind === 'PartialObjectMetadata' || kind === 'PartialObjectMetadataList') {
    return { mediaType, pretty, as: 'PartialObjectMetadata', metaVersion }
  }
  if (kind !== 'Table' || mediaType === 'application/vnd.kubernetes.protobuf') return undefined
  return { mediaType, pretty, as: 'Table', metaVersion }
}

/** Whether an answer is indented: asked for in the query, or read by a person's program. */
export function isPretty(query: URLSearchParams, userAgent: string | undefined): boolean {
  const wanted = query.get('pretty')
  if (wanted) return ['1', 't', 'T', 'TRUE', 'true', 'True'].includes(wanted)
  return userAgent !== undefined && /^(curl|Wget|Mozilla\/5\.0)/.test(userAgent)
}
