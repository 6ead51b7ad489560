import { humanDuration } from '@k1s/apimachinery'

const rfc3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/

/**
 * How long ago an RFC 3339 time was, as the cells of Tables say it: `5m`, `3d4h`; `<unknown>` without a time.
 * `ConvertToHumanReadableDateType` of `k8s.io/apimachinery/pkg/api/meta/table`.
 */
export function ageOf(timestamp: string | undefined): string {
  if (!timestamp) return '<unknown>'
  const time = rfc3339.test(timestamp) ? Date.parse(timestamp) : Number.NaN
  return Number.isNaN(time) ? '<invalid>' : humanDuration(Date.now() - time)
}
