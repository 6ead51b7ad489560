import type { GroupVersionResources } from '../discovery/group-versions.ts'
import { Definitions } from './definitions.ts'
import { nextTurn } from './next-turn.ts'
import { groupVersionKindExtension, type OpenAPISchema, reference } from './openapi-schema.ts'
import { mediaTypes, type Operation, type Path, pathsOf } from './operations.ts'
import type { Parameter } from './parameters.ts'

/** An OpenAPI v3 document of one group version, the answer of `/openapi/v3/apis/{group}/{version}`. */
export interface OpenAPIV3 {
  readonly openapi: '3.0.0'
  readonly info: { readonly title: string; readonly version: string }
  readonly paths: { readonly [path: string]: OpenAPISchema }
  readonly components: { readonly schemas: { readonly [name: string]: OpenAPISchema } }
}

export async function documentV3({ resources }: GroupVersionResources): Promise<OpenAPIV3> {
  const definitions = new Definitions()
  const paths: { [path: string]: OpenAPISchema } = {}
  for (const resource of resources) {
    const schemas = await definitions.addResource(resource)
    for (const path of pathsOf(resource, schemas)) paths[path.path] = pathItem(path)
    await nextTurn()
  }
  return {
    openapi: '3.0.0',
    info: { title: 'k1s', version: 'unversioned' },
    paths,
    components: { schemas: definitions.all },
  }
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
    tags: [operation.tag],
    description: operation.description,
    operationId: operation.operationId,
    ...(parameters.length > 0 && { parameters: parameters.map(parameterObject) }),
    ...(body !== undefined && {
      requestBody: {
        content: contentOf(body.schema, body.mediaTypes),
        ...(body.required && { required: true }),
      },
    }),
    responses: {
      ...Object.fromEntries(
        responses.map(({ code, description, schema }) => [
          code,
          { description, content: contentOf(schema, mediaTypes) },
        ]),
      ),
      401: { description: 'Unauthorized' },
    },
    'x-kubernetes-action': operation.action,
    [groupVersionKindExtension]: operation.groupVersionKind,
  }
}

function contentOf(schema: string, types: readonly string[]): OpenAPISchema {
  return Object.fromEntries(types.map((type) => [type, { schema: reference(schema) }]))
}

function parameterObject({ name, in: place, description, type }: Parameter): OpenAPISchema {
  return {
    name,
    in: place,
    description,
    ...(place === 'path' && { required: true }),
    schema: { type, uniqueItems: true },
  }
}
