/** What kubectl shows of built-in kinds in place of all their fields: `k8s.io/kubectl/pkg/describe/describe.go`. */
import { type Condition, isNotFound, type Unstructured } from '@k1s/apimachinery'
import type { Client, Kind } from '@k1s/core'
import { describeLimitRanges } from './describe-limit-range.ts'
import { describeResourceQuota, describeResourceQuotas } from './describe-resource-quota.ts'
import { type Description, describeMetadata } from './description.ts'

/** What the store holds beside an object goes into the description of some. */
export type Describer = (
  description: Description,
  object: Unstructured,
  client: () => Promise<Client>,
) => void | Promise<void>

export interface BuiltinDescriber {
  readonly describe: Describer
  /** Namespaces, quotas and secrets are shown without their events. */
  readonly events: boolean
}

/** By kind, in the core group. */
export const builtinDescribers: { readonly [kind: string]: BuiltinDescriber } = {
  Namespace: { describe: describeNamespace, events: false },
  ResourceQuota: { describe: describeResourceQuota, events: false },
  ConfigMap: { describe: describeConfigMap, events: true },
  Secret: { describe: describeSecret, events: false },
  ServiceAccount: { describe: describeServiceAccount, events: true },
}

type Data = { readonly [key: string]: string } | undefined

async function describeNamespace(
  description: Description,
  object: Unstructured,
  client: () => Promise<Client>,
): Promise<void> {
  const { status } = object as { status?: { phase?: string; conditions?: Condition[] } }
  describeMetadata(description, object, false)
  description.line(`Status:\t${status?.phase ?? ''}`)
  describeConditions(description, status?.conditions ?? [])
  const namespace = object.metadata.name!
  const quotas = await listIfServed(await client(), resourceQuotas, namespace)
  if (quotas !== undefined) {
    description.line('')
    describeResourceQuotas(description, quotas)
  }
  const limitRanges = await listIfServed(await client(), limitRangeKind, namespace)
  if (limitRanges !== undefined) {
    description.line('')
    describeLimitRanges(description, limitRanges)
  }
}

const resourceQuotas: Kind = {
  group: '',
  version: 'v1',
  kind: 'ResourceQuota',
  plural: 'resourcequotas',
  namespaced: true,
}

const limitRangeKind: Kind = {
  group: '',
  version: 'v1',
  kind: 'LimitRange',
  plural: 'limitranges',
  namespaced: true,
}

/** Undefined if there is no such kind. */
async function listIfServed(
  client: Client,
  kind: Kind,
  namespace: string,
): Promise<readonly Unstructured[] | undefined> {
  try {
    return (await client.list(kind, { namespace })).items
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}

function describeConditions(description: Description, conditions: readonly Condition[]): void {
  if (conditions.length === 0) return
  description.line('Conditions:')
  description.line('Type\tStatus\tLastTransitionTime\tReason\tMessage', 1)
  description.line('----\t------\t------------------\t------\t-------', 1)
  for (const { type, status: state, lastTransitionTime, reason, message } of conditions) {
    const time = new Date(lastTransitionTime).toUTCString().replace('GMT', '+0000')
    description.line([type, state, time, reason, message].join('\t'), 1)
  }
}

function describeConfigMap(description: Description, object: Unstructured): void {
  const { data, binaryData } = object as { data?: Data; binaryData?: Data }
  describeMetadata(description, object, true)
  description.line('\nData\n====')
  for (const key of sortedKeys(data)) description.line(`${key}:\n----\n${data![key]}\n`)
  description.line('\nBinaryData\n====')
  for (const key of sortedKeys(binaryData)) {
    description.line(`${key}: ${Buffer.from(binaryData![key]!, 'base64').length} bytes`)
  }
  description.line('')
}

function describeSecret(description: Description, object: Unstructured): void {
  const { data, type = '' } = object as { data?: Data; type?: string }
  describeMetadata(description, object, true)
  description.line(`\nType:\t${type}`)
  description.line('\nData\n====')
  for (const key of sortedKeys(data)) {
    const value = Buffer.from(data![key]!, 'base64')
    const shown = key === 'token' && type === 'kubernetes.io/service-account-token'
    description.line(`${key}:\t${shown ? value.toString('utf8') : `${value.length} bytes`}`)
  }
}

function describeServiceAccount(description: Description, object: Unstructured): void {
  const { imagePullSecrets = [] } = object as { imagePullSecrets?: { name?: string }[] }
  describeMetadata(description, object, true)
  const names = imagePullSecrets.map(({ name = '' }) => name)
  if (names.length === 0) names.push('<none>')
  for (const [index, name] of names.entries()) {
    description.line(`${index === 0 ? 'Image pull secrets:' : ' '.repeat(19)}\t${name}`)
  }
}

function sortedKeys(data: Data): string[] {
  return Object.keys(data ?? {}).sort()
}
