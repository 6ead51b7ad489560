import type { VersionedResource } from '../discovery/group-versions.ts'
import { type SubresourceKind, subresourcesOf } from '../discovery/resource-verbs.ts'
import type { Verb } from '../request.ts'
import type { GroupVersionKind } from './openapi-schema.ts'
import { articleBefore, operationNames } from './operation-id.ts'
import {
  deleteParameters,
  getParameters,
  listParameters,
  nameParameter,
  namespaceParameter,
  type Parameter,
  patchParameters,
  pretty,
  writeParameters,
} from './parameters.ts'

/** The names of the definitions that operations on a resource refer to. */
export interface OperationSchemas {
  readonly object: string
  readonly list: string
  readonly scale: string
  readonly status: string
  readonly patch: string
  readonly deleteOptions: string
}

export interface Path {
  readonly path: string
  readonly operations: readonly Operation[]
  /** Those that all of its operations have. */
  readonly parameters: readonly Parameter[]
}

export interface Operation {
  readonly method: 'get' | 'put' | 'post' | 'delete' | 'patch'
  readonly description: string
  readonly operationId: string
  readonly tag: string
  /** `x-kubernetes-action`. */
  readonly action: string
  readonly groupVersionKind: GroupVersionKind
  readonly parameters: readonly Parameter[]
  readonly body?: {
    readonly schema: string
    readonly required: boolean
    readonly mediaTypes: readonly string[]
  }
  readonly responses: readonly {
    readonly code: number
    readonly description: string
    readonly schema: string
  }[]
}

export const mediaTypes = ['application/json', 'application/yaml'] as const

/** All paths of a resource, as the API installers of `k8s.io/apiserver` and `k8s.io/apiextensions-apiserver` make them. */
export function pathsOf(resource: VersionedResource, schemas: OperationSchemas): Path[] {
  const { definition, version } = resource
  const { group, plural, scope } = definition
  const root = group === '' ? `/api/${version.name}` : `/apis/${group}/${version.name}`
  const isNamespaced = scope === 'Namespaced'
  const collection = isNamespaced ? `${root}/namespaces/{namespace}/${plural}` : `${root}/${plural}`
  const make = new OperationMaker(resource, schemas)
  const inNamespace = isNamespaced ? [namespaceParameter, pretty] : [pretty]
  const ofObject = [nameParameter(definition.kind), ...inNamespace]
  return [
    ...(isNamespaced ? [pathOf(`${root}/${plural}`, [make.listOfAllNamespaces()], [pretty])] : []),
    pathOf(collection, make.ofCollection(), inNamespace),
    pathOf(`${collection}/{name}`, make.ofObject(), ofObject),
    ...subresourcesOf(resource).map((subresource) =>
      pathOf(`${collection}/{name}/${subresource.name}`, make.ofSubresource(subresource), ofObject),
    ),
  ]
}

function pathOf(path: string, operations: readonly Operation[], parameters: readonly Parameter[]): Path {
  const [first, ...others] = operations
  const shared = (first?.parameters ?? []).filter((parameter) =>
    others.every((operation) => operation.parameters.includes(parameter)),
  )
  return {
    path,
    parameters: [...parameters, ...shared].sort((a, b) => (a.name < b.name ? -1 : 1)),
    operations: operations.map((operation) => ({
      ...operation,
      parameters: operation.parameters.filter((parameter) => !shared.includes(parameter)),
    })),
  }
}

class OperationMaker {
  readonly #resource: VersionedResource
  readonly #schemas: OperationSchemas
  readonly #isBuiltin: boolean
  readonly #kind: string
  readonly #scope: '' | 'Namespaced'

  constructor(resource: VersionedResource, schemas: OperationSchemas) {
    this.#resource = resource
    this.#schemas = schemas
    this.#isBuiltin = resource.definition.origin === 'builtin'
    this.#kind = resource.definition.kind
    this.#scope = resource.definition.scope === 'Namespaced' ? 'Namespaced' : ''
  }

  listOfAllNamespaces(): Operation {
    return this.#list(`${this.#kind}ForAllNamespaces`)
  }

  ofCollection(): Operation[] {
    const { status, deleteOptions } = this.#schemas
    return this.#supported([
      ['list', this.#list(`${this.#scope}${this.#kind}`)],
      ['create', this.#create()],
      [
        'deletecollection',
        this.#operation('delete', 'deletecollection', 'delete', `Collection${this.#scope}${this.#kind}`, {
          description: `delete collection of ${this.#kind}`,
          parameters: this.#isBuiltin
            ? [...deleteParameters, ...listParameters.filter(({ name }) => name !== 'watch')]
            : listParameters,
          ...(this.#isBuiltin && { body: { schema: deleteOptions, required: false, mediaTypes } }),
          responses: [{ code: 200, description: 'OK', schema: status }],
        }),
      ],
    ])
  }

  ofObject(): Operation[] {
    return this.#supported([...this.#readAndWrite(this.#schemas.object, ''), ['delete', this.#delete()]])
  }

  ofSubresource({ name, verbs }: SubresourceKind): Operation[] {
    const { object, scale } = this.#schemas
    const operations = this.#readAndWrite(name === 'scale' ? scale : object, name)
    return operations.filter(([verb]) => verbs.includes(verb)).map(([, operation]) => operation)
  }

  #supported(operations: readonly (readonly [Verb, Operation])[]): Operation[] {
    const { unsupportedVerbs = [] } = this.#resource.definition
    return operations.filter(([verb]) => !unsupportedVerbs.includes(verb)).map(([, operation]) => operation)
  }

  #readAndWrite(schema: string, subresource: '' | SubresourceKind['name']): [Verb, Operation][] {
    const of = subresource === '' ? ' the specified ' : ` ${subresource} of the specified `
    const id = `${this.#scope}${this.#kind}${subresource.slice(0, 1).toUpperCase()}${subresource.slice(1)}`
    const ok = { code: 200, description: 'OK', schema }
    const created = { code: 201, description: 'Created', schema }
    return [
      [
        'get',
        this.#operation('get', 'get', 'read', id, {
          description: `read${of}${this.#kind}`,
          parameters: getParameters,
          responses: [ok],
        }),
      ],
      [
        'update',
        this.#operation('put', 'put', 'replace', id, {
          description: `replace${of}${this.#kind}`,
          parameters: writeParameters,
          body: { schema, required: true, mediaTypes },
          responses: [ok, created],
        }),
      ],
      [
        'patch',
        this.#operation('patch', 'patch', 'patch', id, {
          description: `partially update${of}${this.#kind}`,
          parameters: patchParameters,
          body: { schema: this.#schemas.patch, required: true, mediaTypes: this.#patchTypes() },
          responses: this.#isBuiltin ? [ok, created] : [ok],
        }),
      ],
    ]
  }

  #patchTypes(): readonly string[] {
    return [
      'application/json-patch+json',
      'application/merge-patch+json',
      ...(this.#isBuiltin ? ['application/strategic-merge-patch+json'] : []),
      'application/apply-patch+yaml',
    ]
  }

  #list(id: string): Operation {
    return this.#operation('get', 'list', 'list', id, {
      description: `${this.#isBuiltin ? 'list or watch' : 'list'} objects of kind ${this.#kind}`,
      parameters: listParameters,
      responses: [{ code: 200, description: 'OK', schema: this.#schemas.list }],
    })
  }

  #create(): Operation {
    const schema = this.#schemas.object
    return this.#operation('post', 'post', 'create', `${this.#scope}${this.#kind}`, {
      description: `create${articleBefore(this.#kind)}${this.#kind}`,
      parameters: writeParameters,
      body: { schema, required: true, mediaTypes },
      responses: [
        { code: 200, description: 'OK', schema },
        { code: 201, description: 'Created', schema },
        { code: 202, description: 'Accepted', schema },
      ],
    })
  }

  #delete(): Operation {
    const { status, deleteOptions } = this.#schemas
    return this.#operation('delete', 'delete', 'delete', `${this.#scope}${this.#kind}`, {
      description: `delete${articleBefore(this.#kind)}${this.#kind}`,
      parameters: deleteParameters,
      body: { schema: deleteOptions, required: false, mediaTypes },
      responses: [
        { code: 200, description: 'OK', schema: status },
        { code: 202, description: 'Accepted', schema: status },
      ],
    })
  }

  #operation(
    method: Operation['method'],
    action: string,
    idVerb: string,
    id: string,
    rest: Pick<Operation, 'description' | 'parameters' | 'body' | 'responses'>,
  ): Operation {
    const { definition, version } = this.#resource
    const { prefix, tag } = operationNames(definition.group, version.name)
    return {
      ...rest,
      method,
      action,
      operationId: `${idVerb}${prefix}${id}`,
      tag,
      groupVersionKind: { group: definition.group, version: version.name, kind: definition.kind },
    }
  }
}
