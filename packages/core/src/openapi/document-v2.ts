import type { GroupVersionResources } from '../discovery/group-versions.ts'
import { Definitions } from './definitions.ts'
import { nextTurn } from './next-turn.ts'
import { groupVersionKindExtension, type OpenAPISchema } from './openapi-schema.ts'
import { mediaTypes, type Operation, type Path, pathsOf } from './operations.ts'
import type { Parameter } from './parameters.ts'
import { definitionV2 } from './schema-v2.ts'

/** The OpenAPI v2 document of everything that is served, the answer of `/openapi/v2`. */
export interface OpenAPIV2 {
  readonly swagger: '2.0'
  readonly info: { readonly title: string; readonly version: string }
  readonly paths: { readonly [path: string]: OpenAPISchema }
  readonly definitions: { readonly [name: string]: OpenAPISchema }
}

export async function documentV2(groupVersions: readonly GroupVersionResources[]): Promise<OpenAPIV2> {
  const definitions = new Definitions({ v2: true })
  const paths: { [path: string]: OpenAPISchema } = {}
  for (const resource of groupVersions.flatMap(({ resources }) => resources)) {
    const schemas = await definitions.addResource(resource)
    for (const path of pathsOf(resource, schemas)) paths[path.path] = pathItem(path)
    await nextTurn()
  }
  return {
    swagger: '2.0',
    info: { title: 'k1s', version: 'unversioned' },
    paths,
    definitions: await definitionsV2(definitions),
  }
}

async function definitionsV2({ all }: Definitions): Promise<OpenAPIV2['definitions']> {
  const converted: { [name: string]: OpenAPISchema } = {}
  for (const [name, schema] of Object.entries(all)) {
    converted[name] = definitionV2(name, schema)
    await nextTurn()
  }
  return converted
}

function pathItem({ operations, parameters }: Path): OpenAPISchema {
  return {
    ...Object.fromEntries(operations.map((operation) => [operation.method, operationObject(operation)])),
    parameters: parameters.map(parameterObject),
  }
}

function operationObject(operation: Operation): OpenAPISchema {
  const { body, parameters, responses } = operation
  return {
    description: operation.description,
    consumes: body?.mediaTypes ?? mediaTypes,
    produces: mediaTypes,
    schemes: ['https'],
    tags: [operation.tag],
    operationId: operation.operationId,
    parameters: [...(body === undefined ? [] : [bodyParameter(body)]), ...parameters.map(parameterObject)],
    responses: {
      ...Object.fromEntries(
        responses.map(({ code, description, schema }) => [code, { description, schema: reference(schema) }]),
      ),
      401: { description: 'Unauthorized' },
    },
    'x-kubernetes-action': operation.action,
    [groupVersionKindExtension]: operation.groupVersionKind,
  }
}

function bodyParameter({ schema, required }: NonNullable<Operation['body']>): OpenAPISchema {
  return { name: 'body', in: 'body', ...(required && { required: true }), schema: reference(schema) }
}

function parameterObject({ name, in: place, description, type }: Parameter): OpenAPISchema {
  return {
    uniqueItems: true,
    type,
    description,
    name,
    in: place,
    ...(place === 'path' && { required: true }),
  }
}

function reference(name: string): OpenAPISchema {
  return { $ref: `#/definitions/${name}` }
}
