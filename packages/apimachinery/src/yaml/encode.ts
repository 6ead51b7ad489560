import { formatGoNumber } from '../go-number.ts'
import type { JsonObject } from '../json-value.ts'
import { YamlEmitter } from './emitter.ts'
import { sortYamlKeys } from './key-order.ts'

/**
 * A JSON value as `kubectl -o yaml` prints it, byte for byte that of sigs.k8s.io/yaml: keys in go-yaml's order,
 * strings quoted where YAML 1.1 would read something else, long lines wrapped. Fields that are undefined are
 * left out. Throws a TypeError for a number that JSON does not have.
 */
export function encodeYaml(value: unknown): string {
  const emitter = new YamlEmitter()
  writeValue(emitter, value, false)
  return emitter.finish()
}

function writeValue(emitter: YamlEmitter, value: unknown, mappingValue: boolean): void {
  if (typeof value === 'string') emitter.writeString(value)
  else if (Array.isArray(value)) writeSequence(emitter, value, mappingValue)
  else if (typeof value === 'object' && value !== null) writeMapping(emitter, value as JsonObject)
  else emitter.writeToken(typeof value === 'number' ? formatNumber(value) : String(value ?? null))
}

function formatNumber(value: number): string {
  if (!Number.isFinite(value)) throw new TypeError(`json: unsupported value: ${value}`)
  return formatGoNumber(value)
}

function writeSequence(emitter: YamlEmitter, items: readonly unknown[], mappingValue: boolean): void {
  if (items.length === 0) {
    emitter.writeToken('[]')
    return
  }
  const outer = emitter.startSequence(mappingValue)
  for (const item of items) {
    emitter.startItem()
    writeValue(emitter, item, false)
  }
  emitter.end(outer)
}

function writeMapping(emitter: YamlEmitter, object: JsonObject): void {
  const keys = Object.keys(object).filter((key) => object[key] !== undefined)
  if (keys.length === 0) {
    emitter.writeToken('{}')
    return
  }
  const outer = emitter.startMapping()
  for (const key of sortYamlKeys(keys)) {
    emitter.writeKey(key)
    writeValue(emitter, object[key], true)
  }
  emitter.end(outer)
}
