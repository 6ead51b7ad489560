import { encodeInParts } from './encode-message.ts'
import { document as documentMessage } from './openapi/document-message.ts'
import { WireWriter } from './wire/wire-writer.ts'

/** Bytes that are written before others have their turn: well below a millisecond. */
const turn = 64 * 1024

/** Down to the single paths and definitions. */
const levels = 1

/**
 * An OpenAPI v2 document as `application/com.github.proto-openapi.spec.v2.v1.0+protobuf`, which clients that do not
 * know OpenAPI v3 ask for: gnostic's `openapi_v2.Document`, byte for byte as Go writes what gnostic reads of the JSON,
 * except for the few texts that it keeps as YAML which it cannot read itself.
 * The document must be valid; what OpenAPI v2 does not have is left out. It is encoded in turns with what else the
 * process has to do, since with hundreds of definitions there are tens of megabytes.
 */
export async function encodeOpenAPIV2(document: object): Promise<Uint8Array> {
  const writer = new WireWriter(turn)
  const { message } = documentMessage
  let next = turn
  for (const _ of encodeInParts(writer, message, documentMessage.fromJson(document), levels)) {
    if (writer.length < next) continue
    next = writer.length + turn
    await new Promise((resolve) => setImmediate(resolve))
  }
  return writer.finish()
}
