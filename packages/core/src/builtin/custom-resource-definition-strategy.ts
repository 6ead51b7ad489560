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
import type { ResourceStrategy } from '../resource-definition.ts'

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
  validate: (object) => validateCustomResourceDefinition(asDefinition(object)),
  validateUpdate: (object, old) =>
    validateCustomResourceDefinitionUpdate(asDefinition(object), asDefinition(old)),
}
