import { append, equalJson, type FieldError, fieldError, keyPath, type Unstructured } from '@k1s/apimachinery'
import type { ResourceDefinition } from '../resource-definition.ts'
import { base64Bytes, immutableMessage, maxDataBytes, validateDataKeys } from './data-key.ts'
import { defineBuiltin } from './define-builtin.ts'
import { ageColumn, column, nameColumn } from './printer-column.ts'

interface ConfigMap extends Unstructured {
  data?: { [key: string]: string }
  binaryData?: { [key: string]: string }
  immutable?: boolean
}

const size = (map: { [key: string]: string } | undefined) => Object.keys(map ?? {}).length

/** `k8s.io/kubernetes/pkg/registry/core/configmap`, validation in `pkg/apis/core/validation`. */
export const configMapDefinition: ResourceDefinition = defineBuiltin({
  group: '',
  kind: 'ConfigMap',
  plural: 'configmaps',
  shortNames: ['cm'],
  scope: 'Namespaced',
  printerColumns: [
    nameColumn,
    column('Data', 'integer', (object) => {
      const { data, binaryData } = object as ConfigMap
      return size(data) + size(binaryData)
    }),
    ageColumn,
  ],
  struct: () => import('./types/config-map.ts').then((types) => types.configMap),
  strategy: {
    validate: validateConfigMap,
    validateUpdate(object: ConfigMap, old: ConfigMap) {
      const errors: FieldError[] = []
      if (old.immutable === true) {
        if (object.immutable !== true) errors.push(fieldError.forbidden('immutable', immutableMessage))
        if (!equalJson(object.data ?? {}, old.data ?? {}))
          errors.push(fieldError.forbidden('data', immutableMessage))
        if (!equalJson(object.binaryData ?? {}, old.binaryData ?? {}))
          errors.push(fieldError.forbidden('binaryData', immutableMessage))
      }
      return [...errors, ...validateConfigMap(object)]
    },
  },
})

function validateConfigMap(object: ConfigMap): FieldError[] {
  const { data = {}, binaryData = {} } = object
  const errors = validateDataKeys(data, 'data')
  for (const key of Object.keys(data)) {
    if (!Object.hasOwn(binaryData, key)) continue
    errors.push(fieldError.invalid(keyPath('data', key), key, 'duplicate of key present in binaryData'))
  }
  append(errors, validateDataKeys(binaryData, 'binaryData'))
  let bytes = 0
  for (const value of Object.values(data)) bytes += Buffer.byteLength(value)
  for (const value of Object.values(binaryData)) bytes += base64Bytes(value)
  if (bytes > maxDataBytes) errors.push(fieldError.tooLong('[]', '', maxDataBytes))
  return errors
}
