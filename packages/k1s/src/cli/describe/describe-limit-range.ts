/** Limit ranges as `k8s.io/kubectl/pkg/describe/describe.go` shows them below their namespace. Clusters have them. */
import type { Unstructured } from '@k1s/apimachinery'
import type { Description } from './description.ts'

interface Resources {
  readonly [name: string]: string
}

interface LimitRange {
  readonly spec?: {
    readonly limits?: readonly {
      readonly type?: string
      readonly max?: Resources
      readonly min?: Resources
      readonly default?: Resources
      readonly defaultRequest?: Resources
      readonly maxLimitRequestRatio?: Resources
    }[]
  }
}

export function describeLimitRanges(description: Description, limitRanges: readonly Unstructured[]): void {
  if (limitRanges.length === 0) {
    description.line('No LimitRange resource.')
    return
  }
  description.line('Resource Limits')
  description.line(' Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio')
  description.line(' ----\t--------\t---\t---\t---------------\t-------------\t-----------------------')
  for (const { spec } of limitRanges as readonly LimitRange[]) {
    for (const { type = '', ...limit } of spec?.limits ?? []) {
      const columns = [limit.min, limit.max, limit.defaultRequest, limit.default, limit.maxLimitRequestRatio]
      const names = new Set(columns.flatMap((resources) => Object.keys(resources ?? {})))
      for (const name of [...names].sort()) {
        const cells = columns.map((resources) => resources?.[name] ?? '-')
        description.line([` ${type}`, name, ...cells].join('\t'))
      }
    }
  }
}
