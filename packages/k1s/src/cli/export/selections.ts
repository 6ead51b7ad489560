import type { RestMapper } from '@k1s/cli-runtime'
import { type ExportSelection, everything, qualifiedName } from '@k1s/cli-runtime/bulk'

export interface SelectionOptions {
  readonly args: readonly string[]
  /** Of everything, and of names. Undefined for all. */
  readonly namespace: string | undefined
  readonly include: readonly string[]
  readonly exclude: readonly string[]
}

/** What the arguments `TYPE…` and `TYPE/NAME…` mean, each kind once; without arguments, everything. */
export function selectionsOf(
  mapper: RestMapper,
  { args, namespace, include, exclude }: SelectionOptions,
): ExportSelection[] {
  const excluded = new Set(exclude.map((type) => qualifiedName(mapper.mappingFor(type).resource)))
  const selected =
    args.length === 0
      ? everything(mapper.resources, namespace)
      : args.flatMap((arg) => selectionsOfArgument(mapper, arg, namespace))
  const included = include.map((type) => selectionOf(mapper, type))
  const found = new Map<string, ExportSelection>()
  for (const selection of [...selected, ...included]) {
    const { resource, name = '' } = selection
    const type = qualifiedName(resource)
    const isWhole = found.get(`${type}/`) !== undefined
    if (!excluded.has(type) && !isWhole) found.set(`${type}/${name}`, selection)
  }
  return [...found.values()]
}

function selectionsOfArgument(
  mapper: RestMapper,
  argument: string,
  namespace: string | undefined,
): ExportSelection[] {
  const [type = '', name, ...more] = argument.split('/')
  if (more.length > 0) throw new Error('arguments in resource/name form may not have more than one slash')
  if (name === undefined) {
    return type.split(',').flatMap((one) => {
      const members = mapper.expandCategory(one)
      if (members !== undefined) return members.map((member) => selectionOf(mapper, member))
      return [selectionOf(mapper, one)]
    })
  }
  if (type === '' || name === '' || type.includes(',')) {
    throw new Error('arguments in resource/name form must have a single resource and name')
  }
  const selection = selectionOf(mapper, type)
  if (selection.resource.namespaced && namespace === undefined) {
    throw new Error('a resource cannot be retrieved by name across all namespaces')
  }
  return [{ ...selection, name }]
}

function selectionOf(mapper: RestMapper, type: string): ExportSelection {
  const { resource, version } = mapper.mappingFor(type)
  return { resource, version }
}
