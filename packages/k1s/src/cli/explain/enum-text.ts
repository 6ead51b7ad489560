import { formatGoFloat, formatGoValue } from '@k1s/apimachinery'
import type { Schema } from './openapi-document.ts'
import { indent } from './word-wrap.ts'

/** How many values a list of fields shows. */
const limit = 4

/** All values, each on a line of its own. Empty without an enum. */
export function enumLines(schema: Schema): string {
  const values = valuesOf(schema)
  return values.length === 0 ? '' : `ENUM:${values.map((value) => `\n    ${value}`).join('')}`
}

/** The first values, on a line of their own. Empty without an enum. */
export function enumList(schema: Schema, spaces: number): string {
  const values = valuesOf(schema)
  if (values.length === 0) return ''
  const shown = values.slice(0, limit).join(', ')
  return `\n${indent(spaces, '')}enum: ${shown}${values.length > limit ? ', ....' : ''}`
}

function valuesOf({ enum: values }: Schema): string[] {
  return Array.isArray(values) ? values.map(valueText) : []
}

function valueText(value: unknown): string {
  if (value === '') return '""'
  if (value === null) return '<no value>'
  // JSON knows floating point numbers only.
  return typeof value === 'number' ? formatGoFloat(value) : formatGoValue(value)
}
