import { appendCommaList, TabWriter, UsageError } from '@k1s/cli-runtime'
import type { DiscoveredResource } from '@k1s/core'
import type { Command } from './command.ts'
import { parseBoolean } from './flag-set.ts'

interface ApiResourcesFlags {
  apiGroup?: string
  namespaced: boolean
  verbs?: string[]
  sortBy?: string
  categories?: string[]
  output?: string
  /** False with `--no-headers`. */
  headers?: boolean
}

export const apiResources: Command<ApiResourcesFlags> = {
  usage: 'api-resources [flags]',
  description: 'Print the supported API resources.',
  examples: `# Print the supported API resources
k1s api-resources

# Print the supported API resources with more information
k1s api-resources -o wide

# Print the supported API resources sorted by a column
k1s api-resources --sort-by=name

# Print the supported namespaced resources
k1s api-resources --namespaced=true

# Print the supported non-namespaced resources
k1s api-resources --namespaced=false

# Print the supported API resources with a specific APIGroup
k1s api-resources --api-group=apiextensions.k8s.io`,

  flags(set) {
    set
      .option('--api-group <group>', 'Limit to resources in the specified API group.')
      .option(
        '--namespaced [bool]',
        'If false, non-namespaced resources will be returned, otherwise returning namespaced resources by default.',
        parseBoolean,
        true,
      )
      .option('--verbs <verbs>', 'Limit to resources that support the specified verbs.', appendCommaList)
      .option(
        '--sort-by <field>',
        "If non-empty, sort list of resources using specified field. The field can be either 'name' or 'kind'.",
      )
      .option(
        '--categories <categories>',
        'Limit to resources that belong to the specified categories.',
        appendCommaList,
      )
      .option('--cached', 'Accepted for compatibility: there is no remote discovery to cache.')
      .option('-o, --output <format>', 'Output format. One of: (json, yaml, name, wide).')
      .option(
        '--no-headers',
        "When using the default output format, don't print headers (default print headers).",
      )
  },

  // Texts and order are those of APIResourceOptions of k8s.io/kubectl/pkg/cmd/apiresources.
  async run({ flags, args, changed, factory, commandPath }) {
    if (args.length > 0) throw new UsageError(`unexpected arguments: [${args.join(' ')}]`, commandPath)
    const { sortBy = '', output = '' } = flags
    if (!['', 'name', 'kind'].includes(sortBy)) throw new Error('--sort-by accepts only name or kind')
    if (!['', 'wide', 'name', 'json', 'yaml'].includes(output)) {
      throw new Error(
        `unable to match a printer suitable for the output format "${output}", allowed formats are: json,yaml,name,wide`,
      )
    }
    const { resources } = await factory.restMapper()
    const chosen = resources
      .filter((resource) => resource.verbs.length > 0)
      .filter(({ group }) => !changed('apiGroup') || group === flags.apiGroup)
      .filter(({ namespaced }) => !changed('namespaced') || namespaced === flags.namespaced)
      .filter(({ verbs }) => (flags.verbs ?? []).every((verb) => verbs.includes(verb)))
      .filter(({ categories }) => (flags.categories ?? []).every((name) => categories.includes(name)))
      .sort(comparing(sortBy === 'name' || sortBy === 'kind' ? sortBy : 'group'))

    const { out } = factory.streams
    if (output === 'name') {
      for (const { name, group } of chosen) out.write(group === '' ? `${name}\n` : `${name}.${group}\n`)
    } else if (output === 'json') {
      // In the order of the fields of Go's types, not sorted as objects are.
      out.write(`${JSON.stringify(toList(chosen), undefined, 4)}\n`)
    } else if (output === 'yaml') {
      const { encodeYaml } = await import('@k1s/apimachinery/yaml')
      out.write(encodeYaml(toList(chosen)))
    } else {
      printTable(chosen, output === 'wide', flags.headers !== false, new TabWriter(out))
    }
  },
}

function comparing(field: 'name' | 'kind' | 'group') {
  return (a: DiscoveredResource, b: DiscoveredResource) => {
    if (a[field] !== b[field]) return a[field] < b[field] ? -1 : 1
    return a.name < b.name ? -1 : 1
  }
}

function printTable(
  resources: readonly DiscoveredResource[],
  wide: boolean,
  headers: boolean,
  writer: TabWriter,
): void {
  if (headers) {
    const columns = ['NAME', 'SHORTNAMES', 'APIVERSION', 'NAMESPACED', 'KIND']
    writer.writeCells(wide ? [...columns, 'VERBS', 'CATEGORIES'] : columns)
  }
  for (const resource of resources) {
    const cells = [
      resource.name,
      resource.shortNames.join(','),
      apiVersionOf(resource),
      String(resource.namespaced),
      resource.kind,
    ]
    writer.writeCells(wide ? [...cells, resource.verbs.join(','), resource.categories.join(',')] : cells)
  }
  writer.flush()
}

function apiVersionOf({ group, versions }: DiscoveredResource): string {
  return group === '' ? versions[0]! : `${group}/${versions[0]}`
}

/** `metav1.APIResourceList`. */
function toList(resources: readonly DiscoveredResource[]) {
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: '',
    resources: resources.length === 0 ? null : resources.map(toAPIResource),
  }
}

/** `metav1.APIResource`. */
function toAPIResource(resource: DiscoveredResource) {
  const { name, singularName, namespaced, group, versions, kind, verbs, shortNames, categories } = resource
  return {
    name,
    singularName,
    namespaced,
    ...(group !== '' && { group }),
    version: versions[0],
    kind,
    verbs,
    ...(shortNames.length > 0 && { shortNames }),
    ...(categories.length > 0 && { categories }),
  }
}
