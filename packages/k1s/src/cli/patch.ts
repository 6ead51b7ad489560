import {
  applyJsonPatch,
  applyMergePatch,
  equalJson,
  findJsonError,
  formatGroupVersionKind,
  isJsonObject,
  isUnsupportedMediaType,
  type JsonPatchOperation,
  newBadRequest,
  parseGroupVersion,
  quote,
  type Unstructured,
} from '@k1s/apimachinery'
import {
  addFilenameFlags,
  addPrintFlags,
  type FilenameOptions,
  type Info,
  type PrintFlags,
} from '@k1s/cli-runtime'
import type { Patch, PatchType } from '@k1s/core'
import { addRunControllersFlag } from './after-write/run-controllers-flag.ts'
import type { Command } from './command.ts'
import { addDryRunFlag, type DryRunFlags, dryRunOperation, dryRunStrategy } from './dry-run.ts'
import { addFieldManagerFlag } from './field-manager.ts'
import { asObject, referenceTo } from './objects.ts'

interface PatchFlags extends FilenameOptions, PrintFlags, DryRunFlags {
  patch?: string
  patchFile?: string
  type: string
  local?: boolean
  fieldManager: string
  subresource?: string
}

const patchTypes: { readonly [name: string]: PatchType } = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
}

export const patch: Command<PatchFlags> = {
  usage: 'patch (-f FILENAME | TYPE NAME) [-p PATCH|--patch-file FILE]',
  description: `Update fields of a resource using strategic merge patch, a JSON merge patch, or a JSON patch.

JSON and YAML formats are accepted.

Note: Strategic merge patch is not supported for custom resources.`,
  examples: `# Partially update an item using a merge patch, specifying the patch as JSON
k1s patch item laptop --type=merge -p '{"spec":{"quantity":4}}'

# Partially update an item using a merge patch, specifying the patch as YAML
k1s patch item laptop --type=merge -p $'spec:\\n quantity: 4'

# Replace one element of a list with a JSON patch
k1s patch item laptop --type=json -p '[{"op": "replace", "path": "/spec/tags/0", "value": "new"}]'

# Change the status of an item
k1s patch item laptop --subresource=status --type=merge -p '{"status":{"phase":"Available"}}'`,

  flags(set) {
    addPrintFlags(set)
    addFilenameFlags(set, 'Filename or directory of files identifying the resource to update')
    addDryRunFlag(set)
    addRunControllersFlag(set)
    addFieldManagerFlag(set, 'kubectl-patch')
    set
      .option('-p, --patch <patch>', 'The patch to be applied to the resource JSON file.')
      .option('--patch-file <file>', 'A file containing a patch to be applied to the resource.')
      .option(
        '--type <type>',
        'The type of patch being provided; one of [json merge strategic]',
        undefined,
        'strategic',
      )
      .option(
        '--local',
        'If true, patch will operate on the content of the file, not the server-side resource.',
      )
      .option(
        '--subresource <name>',
        'If specified, patch will operate on the subresource of the requested object.',
      )
  },

  // Texts and order are those of PatchOptions of k8s.io/kubectl/pkg/cmd/patch.
  async run({ flags, args, factory }) {
    const dryRun = dryRunStrategy(flags, factory.streams.err)
    if (flags.patch && flags.patchFile) throw new Error('cannot specify --patch and --patch-file together')
    if (!flags.patch && !flags.patchFile) {
      throw new Error('must specify --patch or --patch-file containing the contents of the patch')
    }
    if (flags.local && args.length > 0) throw new Error('cannot specify --local and server resources')
    if (flags.local && dryRun === 'server') {
      throw new Error('cannot specify --local and --dry-run=server - did you mean --dry-run=client?')
    }
    const type = Object.hasOwn(patchTypes, flags.type.toLowerCase())
      ? patchTypes[flags.type.toLowerCase()]!
      : undefined
    if (type === undefined) {
      throw new Error(`--type must be one of [json merge strategic], not ${quote(flags.type)}`)
    }
    const wanted: Patch = { type, body: await readPatch(flags, type) }

    const { namespace, enforced } = await factory.namespace()
    const result = factory
      .newBuilder()
      .continueOnError()
      .local(flags.local === true)
      .namespaceParam(namespace)
      .defaultNamespace()
      .filenameParam(enforced, flags)
      .subresource(flags.subresource)
      .resourceTypeOrNameArgs(false, args)
      .flatten()
      .do()
    const patchOne = async (info: Info): Promise<Unstructured> => {
      if (flags.local || dryRun === 'client') return patchLocally(asObject(info), wanted)
      const client = await factory.client()
      const target = flags.subresource === undefined ? client : client.subresource(flags.subresource)
      try {
        return await target.patch(referenceTo(info) as Unstructured, wanted, {
          parent: info.mapping,
          dryRun: dryRun === 'server',
          fieldManager: flags.fieldManager,
          onWarning: factory.warn,
        })
      } catch (error) {
        if (!isUnsupportedMediaType(error)) throw error
        throw new Error(
          `${type} is not supported by ${formatGroupVersionKind(info.mapping)}: ${error.message}\nTry --type=merge or --type=json.`,
        )
      }
    }

    let count = 0
    await result.visit(async (info) => {
      count++
      const before = info.object
      const patched = await patchOne(info)
      const operation = equalJson(before, patched) ? 'patched (no change)' : 'patched'
      const printer = await factory.printer({ ...flags, operation: dryRunOperation(operation, dryRun) })
      printer.print(patched, factory.streams.out)
    })
    if (count === 0) throw new Error('no objects passed to patch')
  },
}

async function readPatch(
  { patch: text = '', patchFile, local }: PatchFlags,
  type: PatchType,
): Promise<unknown> {
  let source = text
  if (patchFile) {
    const { readFileSync } = await import('node:fs')
    try {
      source = readFileSync(patchFile, 'utf8')
    } catch (error) {
      throw new Error(`unable to read patch file: ${(error as Error).message}`)
    }
  }
  try {
    return JSON.parse(source)
  } catch {
    // `ToJSON` of k8s.io/apimachinery/pkg/util/yaml: what starts like JSON goes to the server as it is, which refuses it.
    if (source.trimStart().startsWith('{')) throw undecodable(source, type, local)
    const { decodeYaml } = await import('@k1s/apimachinery/yaml')
    try {
      return decodeYaml(source)[0]?.value ?? null
    } catch (error) {
      const problem = (error as Error).message.replace(/^error converting YAML to JSON: /, '')
      throw new Error(`unable to parse ${quote(text)}: ${problem}`)
    }
  }
}

/** What the server, or the libraries of `--local`, say of a patch that is not JSON. */
function undecodable(source: string, type: PatchType, local: boolean | undefined): Error {
  const problem = findJsonError(source)?.message ?? 'unexpected end of JSON input'
  switch (type) {
    case 'application/strategic-merge-patch+json':
      return local ? new Error('invalid JSON document') : newBadRequest(problem)
    case 'application/merge-patch+json':
      return local ? new Error('Invalid JSON Patch') : newBadRequest(`error decoding patch: ${problem}`)
    default:
      return local ? new Error(problem) : newBadRequest(`error decoding patch: ${problem}`)
  }
}

async function patchLocally(object: Unstructured, { type, body }: Patch): Promise<Unstructured> {
  if (type === 'application/merge-patch+json') return applyMergePatch(object, body) as Unstructured
  if (type === 'application/json-patch+json') {
    return patchWithOperations(object, body as JsonPatchOperation[])
  }
  const kind = { ...parseGroupVersion(object.apiVersion), kind: object.kind }
  const { builtinPatchSchema } = await import('@k1s/core')
  const schema = await builtinPatchSchema(kind)
  if (schema === undefined) {
    throw new Error(
      `strategic merge patch is not supported for ${formatGroupVersionKind(kind)} locally, try --type merge`,
    )
  }
  if (!isJsonObject(body)) throw new Error('invalid JSON document')
  const { applyStrategicMergePatch } = await import('@k1s/apimachinery/strategic-merge')
  return applyStrategicMergePatch(object, body, schema) as Unstructured
}

/** With what getPatchedJSON of kubectl says of a field that is to be replaced and not there. */
function patchWithOperations(object: Unstructured, operations: JsonPatchOperation[]): Unstructured {
  try {
    return applyJsonPatch(object, operations) as Unstructured
  } catch (error) {
    const [, field] = /doc is missing key: (.*)$/s.exec((error as Error).message) ?? []
    throw field === undefined ? error : new Error(`Object to be patched is missing field (${field})`)
  }
}
