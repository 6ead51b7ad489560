import { isNotFound } from '@k1s/apimachinery'
import type { RestMapper } from '@k1s/cli-runtime'
import type { Transport } from '@k1s/core'
import type { Command } from '../command.ts'
import { parseBoolean } from '../flag-set.ts'
import { explainedResource, type GroupVersionResource } from './explained-resource.ts'

interface ExplainFlags {
  apiVersion?: string
  maxDepth: number
  output: string
  recursive: boolean
}

const suggestion = 'Use "k1s api-resources" for a complete list of supported resources.'

export const explain: Command<ExplainFlags> = {
  usage:
    'explain TYPE [--recursive=FALSE|TRUE] [--api-version=api-version-group] [-o|--output=plaintext|plaintext-openapiv2]',
  description: `Describe fields and structure of various resources.

This command describes the fields associated with each supported API resource. Fields are identified via a simple JSONPath identifier:

  TYPE.FIELDNAME[.FIELDNAME]

${suggestion}`,
  examples: `# Get the documentation of the resource and its fields
k1s explain configmaps

# Get all the fields in the resource
k1s explain configmaps --recursive

# Get fields in the resource up to a specific recursive depth
k1s explain configmaps --recursive --max-depth=2

# Get the explanation for events in supported api versions
k1s explain events --api-version=events.k8s.io/v1

# Get the documentation of a specific field of a resource
k1s explain configmaps.metadata.labels

# Get the documentation of resources in different format
k1s explain configmaps --output=plaintext-openapiv2`,

  flags(set) {
    set
      .option(
        '-R, --recursive [bool]',
        'Print the fields of fields. Use --max-depth to cap the recursion depth.',
        parseBoolean,
        false,
      )
      .option(
        '--api-version <version>',
        'Get different explanations for particular API version (API group/version)',
      )
      .option(
        '-o, --output <format>',
        'Format in which to render the schema (plaintext, plaintext-openapiv2)',
        undefined,
        'plaintext',
      )
      .option(
        '--max-depth <depth>',
        'Maximum recursion depth when printing nested fields with --recursive. 0 means no limit. Requires --recursive when greater than 0.',
        parseInteger,
        0,
      )
  },

  // Texts and order are those of ExplainOptions of k8s.io/kubectl/pkg/cmd/explain.
  async run({ flags, args, factory }) {
    const argument = checkArguments(args, flags)
    const mapper = await factory.restMapper()
    const { resource, fieldPath } = explainedResource(argument, mapper, flags.apiVersion)
    const { recursive, maxDepth, output } = flags
    const transport = await factory.transport()
    if (output === 'plaintext-openapiv2') {
      const { explainV2 } = await import('./explain-v2.ts')
      const gvk = { group: resource.group, version: resource.version, kind: kindOf(resource, mapper) }
      const document = await describeAPI(transport, (await factory.config()).tenant, '/openapi/v2')
      factory.streams.out.write(explainV2(document, gvk, fieldPath, { recursive, maxDepth }))
      return
    }
    if (output !== 'plaintext') throw new Error(`unrecognized format: ${output}`)
    const { explainV3 } = await import('./explain-v3.ts')
    const document = await documentOf(transport, (await factory.config()).tenant, resource)
    explainV3(document, resource, fieldPath, { recursive, maxDepth }, (text) =>
      factory.streams.out.write(text),
    )
  },
}

function checkArguments(args: readonly string[], { maxDepth, recursive }: ExplainFlags): string {
  const [argument, ...others] = args
  if (argument === undefined) {
    throw new Error(`You must specify the type of resource to explain. ${suggestion}\n`)
  }
  if (others.length > 0) throw new Error('We accept only this format: explain RESOURCE\n')
  if (maxDepth > 0 && !recursive) throw new Error('--max-depth requires --recursive')
  if (maxDepth < 0) throw new Error('--max-depth must be non-negative')
  return argument
}

function parseInteger(text: string): number {
  if (!/^[+-]?\d+$/.test(text))
    throw new Error(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`)
  return Number(text)
}

function kindOf({ group, resource }: GroupVersionResource, { resources }: RestMapper): string {
  const found =
    resources.find((candidate) => candidate.name === resource && candidate.group === group) ??
    resources.find((candidate) => candidate.name === resource)
  return found?.kind ?? ''
}

/** The OpenAPI document of the resource's version. */
async function documentOf(transport: Transport, tenant: string, resource: GroupVersionResource) {
  const { group, version } = resource
  const path = group === '' ? `/openapi/v3/api/${version}` : `/openapi/v3/apis/${group}/${version}`
  try {
    return await describeAPI(transport, tenant, path)
  } catch (error) {
    if (!isNotFound(error)) throw error
    throw new Error(`couldn't find resource for "${group}/${version}, Resource=${resource.resource}"`)
  }
}

async function describeAPI(transport: Transport, tenant: string, path: string): Promise<object> {
  if (transport.describe === undefined) throw new Error(`the server does not answer ${path}`)
  return transport.describe(tenant, path)
}
