import {
  findDuplicateFields,
  findJsonError,
  JsonSyntaxError,
  newBadRequest,
  newUnsupportedMediaType,
  type StatusError,
} from '@k1s/apimachinery'
import type { TypedObject } from '../protobuf/kubernetes-protobuf.ts'

/** What a request's body says. */
export interface DecodedBody {
  readonly value: unknown
  /** Paths of fields that an object has twice. */
  readonly duplicateFields: readonly string[]
}

const accepted = ['application/json', 'application/yaml']

export const protobufType = 'application/vnd.kubernetes.protobuf'

/** The media type of a `Content-Type` header, which is JSON when there is none. */
export function contentTypeOf(header: string | undefined): string {
  if (!header) return 'application/json'
  const end = header.indexOf(';')
  return (end < 0 ? header : header.slice(0, end)).trim().toLowerCase()
}

/**
 * Decodes an object of a create or an update. `protobuf` is what it should be if it is in Kubernetes' protobuf, of which
 * there is none without. UnsupportedMediaType if it is of another type than such objects have; a
 * {@link BodySyntaxError} if it is not what its type says, BadRequest if that is protobuf.
 */
export async function decodeObject(
  bytes: Buffer,
  contentType: string,
  protobuf?: TypedObject,
): Promise<DecodedBody> {
  switch (contentType) {
    case 'application/json':
      return decodeJsonBody(bytes)
    case 'application/yaml':
      return decodeYamlBody(bytes)
    case protobufType: {
      if (protobuf === undefined) throw unsupported(accepted)
      const { decodeKubernetesProtobuf } = await import('../protobuf/kubernetes-protobuf.ts')
      return { value: decodeKubernetesProtobuf(bytes, protobuf), duplicateFields: [] }
    }
    default:
      throw unsupported(protobuf === undefined ? accepted : [...accepted, protobufType])
  }
}

function unsupported(mediaTypes: readonly string[]): StatusError {
  return newUnsupportedMediaType(
    `the body of the request was in an unknown format - accepted media types include: ${mediaTypes.join(', ')}`,
  )
}

/** A body that is not what its content type says, with the words of the decoder. */
export class BodySyntaxError extends Error {
  override readonly name = 'BodySyntaxError'
}

export async function decodeJsonBody(bytes: Buffer): Promise<DecodedBody> {
  const text = bytes.toString()
  const { decodeJson } = await import('@k1s/apimachinery')
  try {
    const value = decodeJson(text)
    return { value, duplicateFields: findDuplicateFields(text).map(({ path }) => path) }
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error
    throw new BodySyntaxError(findJsonError(text)?.message ?? error.message)
  }
}

/** The first document, as Kubernetes reads a body of YAML. */
export async function decodeYamlBody(bytes: Buffer): Promise<DecodedBody> {
  const { decodeYaml, YamlSyntaxError } = await import('@k1s/apimachinery/yaml')
  try {
    const [document] = decodeYaml(bytes.toString())
    return {
      value: document?.value,
      duplicateFields: document?.duplicateKeys.map(({ path }) => path) ?? [],
    }
  } catch (error) {
    // JSON is YAML as well, and what is wrong with it is told as such.
    if (!(error instanceof YamlSyntaxError) && !(error instanceof JsonSyntaxError)) throw error
    throw new BodySyntaxError(error.message)
  }
}

/** `transformDecodeError` of `k8s.io/apiserver/pkg/endpoints/handlers`, of a body that no decoder could read. */
export function unrecognizedObject(kind: string, problem: string, bytes: Buffer): StatusError {
  return newBadRequest(
    `the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind; json parse error: ${problem} (${summaryOf(bytes)})`,
  )
}

function summaryOf(bytes: Buffer): string {
  const maxLength = 30
  if (bytes.length === 0) return '<empty>'
  const isText = bytes[0] === 0x7b
  const text = bytes.subarray(0, maxLength).toString(isText ? 'utf8' : 'hex')
  return bytes.length > maxLength ? `${text} ...` : text
}
