import {
  isJsonObject,
  type KubernetesList,
  type KubernetesObject,
  StatusError,
  type Unstructured,
  type WatchEvent,
} from '@k1s/apimachinery'
import type { ApiRequest, ApiResponse, RequestOptions } from '../request.ts'
import { asPartialObjectMetadata, asPartialObjectMetadataList } from '../table/partial-object-metadata.ts'
import type { Table } from '../table/table.ts'
import type { Answer } from './answer.ts'
import { serverError, statusOf } from './server-error.ts'

/** The answer to a request, or the StatusError that it is. */
export async function readAnswer(request: ApiRequest, method: string, answer: Answer): Promise<ApiResponse> {
  const text = await answer.text()
  if (answer.code < 200 || answer.code > 206) throw failedAnswer(method, answer, text, request)
  const body = parseBody(answer, text)
  const failure = body.kind === 'Status' ? statusOf(text) : undefined
  if (failure !== undefined) throw new StatusError(failure)
  const represented = await represent(fillKinds(body), request.options)
  const { warnings } = answer
  return { code: answer.code, body: represented, ...(warnings.length > 0 && { warnings }) }
}

/** The StatusError of an answer that is no success. */
export function failedAnswer(
  method: string,
  answer: Answer,
  body: string,
  request?: ApiRequest,
): StatusError {
  const { code, headers, retryAfterSeconds } = answer
  return serverError({
    method,
    code,
    contentType: headers['content-type'],
    body,
    retryAfterSeconds,
    ...(request !== undefined && { resource: { group: request.group, resource: request.resource } }),
    ...(request?.name !== undefined && { name: request.name }),
  })
}

/** An Error if the body of a success is no JSON object. */
export function parseBody(answer: Answer, text: string): KubernetesObject | KubernetesList {
  const contentType = answer.headers['content-type'] ?? ''
  if (text === '') {
    throw new Error(`0-length response with status code: ${answer.code} and content type: ${contentType}`)
  }
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch (error) {
    throw new Error(`the server answered with ${contentType || 'no content type'} that is not JSON`, {
      cause: error,
    })
  }
  if (isJsonObject(body)) return body as unknown as KubernetesObject
  throw new Error('the server answered with JSON that is not an object')
}

/** Items of built-in kinds do not say what they are: their list does (`UnstructuredList` of apimachinery). */
function fillKinds<T extends KubernetesObject | KubernetesList>(body: T): T {
  const { kind, apiVersion } = body
  if (!('items' in body) || !Array.isArray(body.items) || !kind?.endsWith('List')) return body
  const itemKind = kind.slice(0, -'List'.length)
  const items = body.items.map((item) => (item.kind ? item : { ...item, apiVersion, kind: itemKind }))
  return { ...body, items }
}

/** A server may answer with objects though it was asked for something else; kubectl then prints names and ages. */
async function represent(
  body: KubernetesObject | KubernetesList,
  { as, includeObject }: RequestOptions,
): Promise<ApiResponse['body']> {
  if (as === undefined || body.kind === 'Status') return body
  if (as === 'PartialObjectMetadata') {
    if (body.kind === 'PartialObjectMetadata' || body.kind === 'PartialObjectMetadataList') {
      return { ...body, apiVersion: metaVersion } as KubernetesObject
    }
    return isList(body) ? asPartialObjectMetadataList(body) : asPartialObjectMetadata(body)
  }
  if (body.kind === 'Table') return { ...body, apiVersion: metaVersion } as unknown as Table
  return tableOf(isList(body) ? body.items : [body as Unstructured], body.metadata, includeObject)
}

/** The event in the representation that was asked for. */
export async function representEvent(
  event: WatchEvent<Unstructured>,
  options: RequestOptions,
): Promise<WatchEvent<Unstructured>> {
  if (options.as === undefined || event.type === 'ERROR') return event
  return { ...event, object: (await represent(event.object, options)) as unknown as Unstructured }
}

async function tableOf(
  items: readonly Unstructured[],
  metadata: KubernetesList['metadata'],
  includeObject: RequestOptions['includeObject'],
): Promise<Table> {
  const [{ convertToTable }, { ageColumn, nameColumn }] = await Promise.all([
    import('../table/convert-table.ts'),
    import('../builtin/printer-column.ts'),
  ])
  return convertToTable([nameColumn, ageColumn], items, metadata, includeObject)
}

function isList(body: KubernetesObject | KubernetesList): body is KubernetesList {
  return 'items' in body && Array.isArray(body.items)
}

const metaVersion = 'meta.k8s.io/v1'
