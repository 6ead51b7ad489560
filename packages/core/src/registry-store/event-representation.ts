import type { Unstructured, WatchEvent } from '@k1s/apimachinery'
import type { PrinterColumn } from '../resource-definition.ts'
import { columnDefinition, tableRow } from '../table/convert-table.ts'
import { asPartialObjectMetadata } from '../table/partial-object-metadata.ts'
import type { IncludeObjectPolicy, Table, TableRow } from '../table/table.ts'
import type { ResourceRequest } from './resource-request.ts'

type Event = WatchEvent<Unstructured>

/**
 * Makes the objects of a watch what the request wants them `as`: `watchEmbeddedEncoder` of
 * `k8s.io/apiserver/pkg/endpoints/handlers/response.go`. Columns are in the first Table only.
 */
export function eventRepresentation({ request, version, clock }: ResourceRequest): (event: Event) => Event {
  const { as, includeObject } = request.options
  if (as === 'PartialObjectMetadata') {
    return (event) =>
      event.type === 'ERROR' ? event : { ...event, object: { ...asPartialObjectMetadata(event.object) } }
  }
  let definitions = version.printerColumns.map(columnDefinition)
  return (event) => {
    if (event.type === 'ERROR') return event
    const { object } = event
    const { resourceVersion } = object.metadata
    const table: Table = {
      kind: 'Table',
      apiVersion: 'meta.k8s.io/v1',
      metadata: resourceVersion === undefined ? {} : { resourceVersion },
      columnDefinitions: definitions,
      rows: [
        event.type === 'BOOKMARK'
          ? bookmarkRow(version.printerColumns, object, includeObject)
          : tableRow(version.printerColumns, object, includeObject, clock.now()),
      ],
    }
    definitions = []
    return { ...event, object: table as unknown as Unstructured }
  }
}

/** A bookmark is no object of the kind, whose cells could be read. The end of the initial events shows its annotation. */
function bookmarkRow(
  columns: readonly PrinterColumn[],
  object: Unstructured,
  includeObject: IncludeObjectPolicy | undefined,
): TableRow {
  const policy = object.metadata.annotations === undefined ? includeObject : 'Metadata'
  return { ...tableRow([], object, policy, 0), cells: columns.map(() => null) }
}
