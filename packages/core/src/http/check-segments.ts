import { newBadRequest } from '@k1s/apimachinery'
import { problemOfSegment } from '../chain/path-segment.ts'
import type { ApiRequest } from '../request.ts'

/** A name that is no segment of a path would name something else on the way; it is refused as the server refuses it. */
export function checkSegments({ namespace, name, resource, group, version, subresource }: ApiRequest): void {
  const segments = { namespace, name, resource, group: group || undefined, version }
  for (const [what, segment] of Object.entries(segments)) check(what, segment)
  for (const segment of subresource?.split('/') ?? []) check('subresource', segment)
}

function check(what: string, segment: string | undefined): void {
  const problem = segment === undefined ? undefined : problemOfSegment(segment)
  if (problem === undefined) return
  throw newBadRequest(`invalid ${what} ${JSON.stringify(segment!.slice(0, 300))}: ${problem}`)
}
