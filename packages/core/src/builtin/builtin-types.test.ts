import { describe, expect, test } from 'vitest'
import { type GoStruct, type GoType, goField } from '../schema/go-type.ts'
import { builtinDefinitions } from './index.ts'

const versions = builtinDefinitions.flatMap((definition) =>
  definition.versions.map((version) => ({
    definition,
    version,
    name: `${definition.plural}.${definition.group}`,
  })),
)

/** All structs that a type is made of. */
function* structsOf(type: GoType, seen = new Set<GoStruct>()): Generator<GoStruct> {
  if (typeof type === 'string') return
  if ('listOf' in type) yield* structsOf(type.listOf, seen)
  else if ('mapOf' in type) yield* structsOf(type.mapOf, seen)
  else if ('either' in type) for (const form of type.either) yield* structsOf(form, seen)
  else if (!seen.has(type)) {
    seen.add(type)
    yield type
    for (const field of Object.values(type.fields)) yield* structsOf(goField(field).type, seen)
  }
}

describe.each(versions)('$name', ({ definition, version }) => {
  test('has a type of its kind, with the fields of every object', async () => {
    const struct = await version.struct!()
    expect(struct.name).toBe(definition.kind)
    expect(Object.keys(struct.fields)).toEqual(expect.arrayContaining(['apiVersion', 'kind', 'metadata']))
  })

  test('describes what users see, and its lists are merged by keys that exist', async () => {
    for (const struct of structsOf(await version.struct!())) {
      expect(struct.description).not.toBe('')
      for (const [name, short] of Object.entries(struct.fields)) {
        const field = goField(short)
        const place = `${struct.name}.${name}`
        // A schema's keywords are those of JSON Schema.
        if (!/^(?:JSONSchemaProps|ExternalDocumentation)$/.test(struct.name)) {
          expect(field.description ?? '', place).not.toBe('')
        }
        const item = typeof field.type === 'object' && 'listOf' in field.type ? field.type.listOf : undefined
        if (field.listType === 'map') {
          const fields = typeof item === 'object' && 'fields' in item ? Object.keys(item.fields) : []
          expect(fields, place).toEqual(expect.arrayContaining([...(field.listMapKeys ?? ['none'])]))
        }
        expect(field.listType === undefined || item !== undefined, place).toBe(true)
      }
    }
  })
})
