import { deleteOptions } from '../builtin/types/delete-options.ts'
import { listMetadata, typeMeta } from '../builtin/types/object-fields.ts'
import { objectMeta } from '../builtin/types/object-meta.ts'
import { scale } from '../builtin/types/scale.ts'
import { status } from '../builtin/types/status.ts'
import type { VersionedResource } from '../discovery/group-versions.ts'
import type { GoStruct } from '../schema/go-type.ts'
import type { JSONSchemaProps } from '../schema/json-schema-props.ts'
import { customSchema } from './custom-schema.ts'
import { downgradeSchema } from './downgrade-schema.ts'
import { patchSchema } from './opaque-schemas.ts'
import {
  customName,
  type GroupVersionKind,
  groupVersionKindExtension,
  type OpenAPISchema,
  reference,
} from './openapi-schema.ts'
import type { OperationSchemas } from './operations.ts'
import { StructSchemas } from './struct-schemas.ts'

/** The definitions of a document, in the form of OpenAPI v3; with `v2`, as far as v2 can say them. */
export class Definitions {
  readonly #schemas = new StructSchemas()
  readonly #v2: boolean

  constructor(options: { readonly v2?: boolean } = {}) {
    this.#v2 = options.v2 ?? false
  }

  /** By name, sorted. */
  get all(): { readonly [name: string]: OpenAPISchema } {
    return Object.fromEntries([...this.#schemas.definitions].sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  /** Adds what the operations on a resource refer to. */
  async addResource(resource: VersionedResource): Promise<OperationSchemas> {
    const { definition, version } = resource
    const { group, kind, listKind } = definition
    const gvk = { group, version: version.name, kind }
    const struct = await version.struct?.()
    const object = struct === undefined ? await this.#addCustom(resource, gvk) : this.#addBuiltin(struct, gvk)
    return {
      object,
      list: this.#addList(resource, object, { ...gvk, kind: listKind }),
      scale: version.scaleSubresource === undefined ? '' : this.#addScale(),
      status: this.#addStruct(status, { group: '', version: 'v1', kind: 'Status' }),
      patch: this.#schemas.define(patchSchema.name, patchSchema.schema),
      deleteOptions: this.#addStruct(deleteOptions, { group: '', version: 'v1', kind: 'DeleteOptions' }),
    }
  }

  /** A version that shares its types with another has definitions by its own name. */
  #addBuiltin(struct: GoStruct, gvk: GroupVersionKind): string {
    const ownPackage = struct.package.replace(/[^.]+$/, gvk.version)
    const schemas = new StructSchemas(this.#schemas.definitions, (name) =>
      name === struct.package ? ownPackage : name,
    )
    return schemas.add(struct, { [groupVersionKindExtension]: [gvk] })
  }

  #addStruct(struct: GoStruct, gvk: GroupVersionKind): string {
    return this.#schemas.add(struct, { [groupVersionKindExtension]: [gvk] })
  }

  #addScale(): string {
    return this.#addStruct(scale, { group: 'autoscaling', version: 'v1', kind: 'Scale' })
  }

  async #addCustom(resource: VersionedResource, gvk: GroupVersionKind): Promise<string> {
    const props = (await resource.version.schema?.())?.props
    const schema = customSchema(props && this.#structural(props), {
      objectMeta: this.#schemas.add(objectMeta),
      v2: this.#v2,
    })
    return this.#schemas.define(customName(gvk), { ...schema, ...extensions(resource, gvk) })
  }

  #structural(props: JSONSchemaProps): JSONSchemaProps {
    // The root keeps the mark that it preserves unknown fields, which decides what is said of it.
    return this.#v2 && props['x-kubernetes-preserve-unknown-fields'] !== true ? downgradeSchema(props) : props
  }

  #addList(resource: VersionedResource, object: string, gvk: GroupVersionKind): string {
    const { definition } = resource
    const isBuiltin = definition.origin === 'builtin'
    const metadata = reference(this.#schemas.add(listMetadata.type as GoStruct), {
      description: listMetadata.description,
      ...(isBuiltin && { default: {} }),
    })
    const name = isBuiltin ? object.replace(/[^.]+$/, gvk.kind) : customName(gvk)
    return this.#schemas.define(name, {
      description: `${gvk.kind} is a list of ${definition.kind}`,
      type: 'object',
      required: ['items'],
      properties: {
        apiVersion: typeMeta.apiVersion,
        items: { description: `List of ${definition.plural}.`, type: 'array', items: reference(object) },
        kind: typeMeta.kind,
        metadata,
      },
      ...extensions(resource, gvk),
    })
  }
}

function extensions({ definition, version }: VersionedResource, gvk: GroupVersionKind): OpenAPISchema {
  const fields = definition.origin === 'builtin' ? [] : version.selectableFields
  return {
    [groupVersionKindExtension]: [gvk],
    ...(fields.length > 0 && {
      'x-kubernetes-selectable-fields': fields.map((path) => ({ fieldPath: path.replace(/^\./, '') })),
    }),
  }
}
