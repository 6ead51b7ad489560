import {
  equalJson,
  type FieldError,
  fieldError,
  keyPath,
  setField,
  type Unstructured,
} from '@k1s/apimachinery'
import type { ResourceDefinition } from '../resource-definition.ts'
import { base64Bytes, immutableMessage, maxDataBytes, validateDataKeys } from './data-key.ts'
import { defineBuiltin } from './define-builtin.ts'
import { ageColumn, column, nameColumn } from './printer-column.ts'

interface Secret extends Unstructured {
  data?: { [key: string]: string }
  stringData?: { [key: string]: string }
  type?: string
  immutable?: boolean
}

/** `k8s.io/kubernetes/pkg/registry/core/secret`, validation in `pkg/apis/core/validation`. */
export const secretDefinition: ResourceDefinition = defineBuiltin({
  group: '',
  kind: 'Secret',
  plural: 'secrets',
  scope: 'Namespaced',
  printerColumns: [
    nameColumn,
    column('Type', 'string', (object) => (object as Secret).type ?? ''),
    column('Data', 'integer', (object) => Object.keys((object as Secret).data ?? {}).length),
    ageColumn,
  ],
  struct: () => import('./types/secret.ts').then((types) => types.secret),
  strategy: {
    applyDefaults(object: Secret) {
      for (const [key, text] of Object.entries(object.stringData ?? {})) {
        object.data ??= {}
        setField(object.data, key, Buffer.from(text).toString('base64'))
      }
      delete object.stringData
      object.type ||= 'Opaque'
    },
    validate: validateSecret,
    prepareForUpdate(object: Secret, old: Secret) {
      if (!object.type) object.type = old.type
    },
    validateUpdate(object: Secret, old: Secret) {
      const errors: FieldError[] = []
      if (object.type !== old.type) errors.push(fieldError.invalid('type', object.type, 'field is immutable'))
      if (old.immutable === true) {
        if (object.immutable !== true) errors.push(fieldError.forbidden('immutable', immutableMessage))
        if (!equalJson(object.data ?? {}, old.data ?? {}))
          errors.push(fieldError.forbidden('data', immutableMessage))
      }
      return [...errors, ...validateSecret(object)]
    },
    selectableFields: { type: (object) => (object as Secret).type ?? '' },
  },
})

/** Keys that a secret of a type must have. */
const requiredKeys: { readonly [type: string]: readonly string[] } = {
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
}

function validateSecret(object: Secret): FieldError[] {
  const { data = {}, type = '' } = object
  const errors = validateDataKeys(data, 'data')
  let bytes = 0
  for (const value of Object.values(data)) bytes += base64Bytes(value)
  if (bytes > maxDataBytes) errors.push(fieldError.tooLong('data', '', maxDataBytes))
  return [...errors, ...validateSecretType(object, type, data)]
}

function validateSecretType(object: Secret, type: string, data: { [key: string]: string }): FieldError[] {
  if (type === 'kubernetes.io/service-account-token') {
    const annotation = 'kubernetes.io/service-account.name'
    const path = keyPath('metadata.annotations', annotation)
    return object.metadata.annotations?.[annotation] ? [] : [fieldError.required(path)]
  }
  if (type === 'kubernetes.io/basic-auth') {
    if (data.username !== undefined || data.password !== undefined) return []
    return ['username', 'password'].map((key) => fieldError.required(keyPath('data', key)))
  }
  return (requiredKeys[type] ?? []).flatMap((key) => {
    const path = keyPath('data', key)
    const value = data[key]
    if (value === undefined) return [fieldError.required(path)]
    if (!type.startsWith('kubernetes.io/docker')) return []
    return isJson(value) ? [] : [fieldError.invalid(path, '<secret contents redacted>', 'invalid JSON')]
  })
}

function isJson(base64: string): boolean {
  try {
    JSON.parse(Buffer.from(base64, 'base64').toString())
    return true
  } catch {
    return false
  }
}
