import { stringType } from '../cel-type.ts'
import type { CelLibrary } from '../environment.ts'
import { traversal } from './call-cost.ts'
import { overload } from './overload.ts'

/** `jsonpatch.escapeKey`, for mutating admission policies: `k8s.io/apiserver/pkg/cel/library/jsonpatch.go`. */
export const jsonPatchLibrary: CelLibrary = {
  name: 'kubernetes.jsonpatch',
  functions: [
    {
      name: 'jsonpatch.escapeKey',
      overloads: [
        overload(
          'string_jsonpatch_escapeKey_string',
          [stringType],
          stringType,
          (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1'),
          traversal,
        ),
      ],
    },
  ],
}
