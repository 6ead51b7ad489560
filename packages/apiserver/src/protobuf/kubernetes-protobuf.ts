import {
  exceedsMaxDepth,
  type JsonObject,
  maxJsonDepth,
  newBadRequest,
  parseGroupVersion,
  quote,
} from '@k1s/apimachinery'
import { decodeMessage } from './decode-message.ts'
import { encodeMessage } from './encode-message.ts'
import { messageOf } from './kinds.ts'
import type { Message } from './message.ts'
import { WireError } from './wire/wire-error.ts'
import { WireReader } from './wire/wire-reader.ts'
import { WireWriter } from './wire/wire-writer.ts'

/** `k8s` and a zero byte, which every object begins with. */
const prefix = Buffer.from('k8s\0')

const typeMeta: Message = { name: 'TypeMeta', fields: { apiVersion: [1, 'string'], kind: [2, 'string'] } }

const unknown: Message = {
  name: 'Unknown',
  fields: {
    typeMeta: [1, typeMeta],
    raw: [2, 'raw', 'always'],
    contentEncoding: [3, 'string'],
    contentType: [4, 'string'],
  },
}

const rawExtension: Message = { name: 'RawExtension', fields: { raw: [1, 'raw', 'pointer'] } }

const watchEvent: Message = {
  name: 'WatchEvent',
  fields: { type: [1, 'string', 'always'], object: [2, rawExtension] },
}

interface Envelope {
  typeMeta: { apiVersion?: string; kind?: string }
  raw: Buffer
}

/** An object that says what it is. */
export interface TypedObject {
  readonly apiVersion: string
  readonly kind: string
}

/**
 * An object of `application/vnd.kubernetes.protobuf`, in the form that Go's JSON encoder gives it. BadRequest if it is
 * none, with the text of `k8s.io/apiserver`'s `transformDecodeError`; also if its kind is none that
 * {@link hasProtobuf}. `expected` is what the endpoint takes: for objects that do not say what they are, and for errors.
 */
export function decodeKubernetesProtobuf(bytes: Uint8Array, expected?: TypedObject): JsonObject {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const envelope = attempt(
    () => openEnvelope(buffer),
    (problem) => unrecognized(problem, buffer, expected),
  )
  const apiVersion = validVersion(envelope.typeMeta.apiVersion) || expected?.apiVersion
  const kind = envelope.typeMeta.kind || expected?.kind
  if (!kind) throw unrecognized(missing('Kind', envelope), buffer, expected)
  return attempt(
    () => decodeRaw(envelope, apiVersion, kind),
    (problem) => {
      const { version } = parseGroupVersion(apiVersion ?? '')
      const target = expected?.kind ?? kind
      return newBadRequest(
        `${kind} in version ${quote(version)} cannot be handled as a ${target}: ${problem}`,
      )
    },
  )
}

/** One that cannot be parsed counts as none: `schema.FromAPIVersionAndKind`. */
function validVersion(apiVersion = ''): string {
  return apiVersion.split('/').length > 2 || apiVersion === '/' ? '' : apiVersion
}

function attempt<T>(decode: () => T, describe: (problem: string) => Error): T {
  try {
    return decode()
  } catch (error) {
    throw error instanceof WireError ? describe(error.message) : error
  }
}

function openEnvelope(buffer: Buffer): Envelope {
  if (buffer.length === 0) throw new WireError('empty data')
  if (!buffer.subarray(0, prefix.length).equals(prefix)) {
    throw new WireError(
      `provided data does not appear to be a protobuf message, expected prefix [${prefix.join(' ')}]`,
    )
  }
  if (buffer.length === prefix.length) throw new WireError('empty body')
  const fields: unknown = decodeMessage(new WireReader(buffer, prefix.length), unknown)
  return fields as Envelope
}

function decodeRaw(envelope: Envelope, apiVersion: string | undefined, kind: string): JsonObject {
  if (!apiVersion) throw new WireError(missing('apiVersion', envelope))
  const message = messageOf(apiVersion, kind)
  if (message === undefined) {
    throw new WireError(`no kind ${quote(kind)} is registered for version ${quote(apiVersion)} in protobuf`)
  }
  const object = { kind, apiVersion, ...decodeMessage(new WireReader(envelope.raw), message) }
  if (exceedsMaxDepth(object)) throw new WireError(`exceeded max depth of ${maxJsonDepth}`)
  return object
}

function missing(what: string, { typeMeta: { apiVersion = '', kind = '' } }: Envelope): string {
  return `Object '${what}' is missing in 'runtime.TypeMeta{APIVersion:${quote(apiVersion)}, Kind:${quote(kind)}}'`
}

function unrecognized(problem: string, buffer: Buffer, expected: TypedObject | undefined): Error {
  const maxLength = 30
  const hex = buffer.toString('hex', 0, maxLength)
  const summary = buffer.length === 0 ? '<empty>' : buffer.length > maxLength ? `${hex} ...` : hex
  const type = expected === undefined ? '' : ` (must be of type ${expected.kind})`
  return newBadRequest(`the object provided is unrecognized${type}: ${problem} (${summary})`)
}

/** An object that says what it is. */
export interface TypedObject {
  readonly apiVersion: string
  readonly kind: string
}

/**
 * An object or list as `application/vnd.kubernetes.protobuf`: byte for byte as Kubernetes writes it. The object must be
 * valid. Throws a TypeError if its kind {@link hasProtobuf} not.
 */
export function encodeKubernetesProtobuf(object: TypedObject): Uint8Array {
  const { apiVersion, kind } = object
  const message = messageOf(apiVersion, kind)
  if (message === undefined) throw new TypeError(`${kind} of ${apiVersion} has no protobuf`)
  const raw = new WireWriter()
  encodeMessage(raw, message, object as unknown as JsonObject)
  const writer = new WireWriter(raw.length + 256)
  encodeMessage(writer, unknown, { typeMeta: { apiVersion, kind }, raw: raw.finish() })
  writer.writeBytes(prefix)
  return writer.finish()
}

/**
 * An event of a watch as one frame of `application/vnd.kubernetes.protobuf;stream=watch`: the length in four bytes, the
 * highest first, and a `metav1.WatchEvent` with the whole object. Throws as {@link encodeKubernetesProtobuf}.
 */
export function encodeWatchFrame(type: string, object: TypedObject): Uint8Array {
  const raw = encodeKubernetesProtobuf(object)
  const writer = new WireWriter(raw.length + 64)
  encodeMessage(writer, watchEvent, { type, object: { raw } })
  const header = Buffer.alloc(4)
  header.writeUInt32BE(writer.length)
  writer.writeBytes(header)
  return writer.finish()
}
