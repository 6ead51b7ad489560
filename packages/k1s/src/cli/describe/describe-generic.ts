import { isJsonObject, type JsonObject, type Unstructured } from '@k1s/apimachinery'
import { formatGoValue } from '@k1s/cli-runtime'
import { type Description, describeMetadata } from './description.ts'
import { smartLabel } from './smart-label.ts'

const shownAbove = new Set([
  '.metadata.managedFields',
  '.metadata.name',
  '.metadata.namespace',
  '.metadata.labels',
  '.metadata.annotations',
])

/** All fields of an object of any kind: genericDescriber of `k8s.io/kubectl/pkg/describe`. */
export function describeGeneric(description: Description, object: Unstructured): void {
  describeMetadata(description, object, true)
  describeContent(description, object, '', 0)
}

function describeContent(description: Description, content: JsonObject, path: string, level: number): void {
  for (const field of Object.keys(content).sort()) {
    const value = content[field]
    const fieldPath = `${path}.${field}`
    if (shownAbove.has(fieldPath) || value === undefined) continue
    const label = smartLabel(field)
    if (isJsonObject(value)) {
      description.line(`${label}:`, level)
      describeContent(description, value, fieldPath, level + 1)
    } else if (Array.isArray(value)) {
      description.line(`${label}:`, level)
      for (const item of value) {
        if (isJsonObject(item)) describeContent(description, item, fieldPath, level + 1)
        else description.line(formatGoValue(item), level + 1)
      }
    } else {
      description.line(`${label}:\t${formatGoValue(value)}`, level)
    }
  }
}
