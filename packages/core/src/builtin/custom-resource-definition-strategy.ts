import type { Unstructured } from '@k1s/apimachinery'
import type { CustomResourceDefinition } from '../crd/custom-resource-definition.ts'
import { decodeCustomResourceDefinition } from '../crd/decode-custom-resource-definition.ts'
import {
  defaultCustomResourceDefinition,
  setStoredVersion,
} from '../crd/default-custom-resource-definition.ts'
import {
  validateCustomResourceDefinition,
  validateCustomResourceDefinitionUpdate,
} from '../crd/validate-custom-resource-definition.ts'
import type { CheckRules } from '../crd/validate-version.ts'
import type { ResourceStrategy } from '../resource-definition.ts'
import { featuresOf } from '../schema/schema-features.ts'

const asDefinition = (object: Unstructured) => object as unknown as CustomResourceDefinition

/** `strategy.go` of `k8s.io/apiextensions-apiserver/pkg/registry/customresourcedefinition`. */
export const customResourceDefinitionStrategy: ResourceStrategy = {
  allowUnconditionalUpdate: false,
  tracksGeneration: true,
  decode(object) {
    const decoded = decodeCustomResourceDefinition(object)
    return 'error' in decoded ? { unknown: [], error: decoded.error } : { unknown: [...decoded.unknown] }
  },
  applyDefaults: (object) => defaultCustomResourceDefinition(asDefinition(object)),
  prepareForCreate(object) {
    delete object.status
    setStoredVersion(asDefinition(object))
  },
  prepareForUpdate: (object) => setStoredVersion(asDefinition(object)),
  loadValidation: (object) => (hasRules(asDefinition(object)) ? loadRules() : undefined),
  validate: (object) => validateCustomResourceDefinition(asDefinition(object), checkRules),
  validateUpdate: (object, old) =>
    validateCustomResourceDefinitionUpdate(asDefinition(object), asDefinition(old), checkRules),
}

let loadedCheck: CheckRules | undefined

function loadRules(): Promise<void> | undefined {
  if (loadedCheck !== undefined) return undefined
  return import('../schema-rules/check-rules.ts').then((module) => {
    loadedCheck = module.checkRules
  })
}

function hasRules({ spec }: CustomResourceDefinition): boolean {
  return (spec?.versions ?? []).some(
    ({ schema }) => schema?.openAPIV3Schema !== undefined && featuresOf(schema.openAPIV3Schema).rules,
  )
}

const checkRules: CheckRules = (schema, path, schemaErrors) => {
  if (!featuresOf(schema).rules) return []
  if (loadedCheck === undefined) throw new Error('what checks rules has not been loaded')
  return loadedCheck(schema, path, schemaErrors)
}
