import { mapType, paramType } from './cel-type.ts'
import type { CelLibrary } from './environment.ts'
import { noSuchOverload } from './evaluation-error.ts'
import { twoVariableMacros } from './macros.ts'

const K = paramType('K')
const V = paramType('V')

/** Comprehensions with two variables: `ext.TwoVarComprehensions()` of cel-go. */
export const twoVariableLibrary: CelLibrary = {
  name: 'cel.lib.ext.comprev2',
  macros: twoVariableMacros,
  functions: [
    {
      name: 'cel.@mapInsert',
      overloads: [
        { id: '@mapInsert_map_key_value', params: [mapType(K, V), K, V], result: mapType(K, V) },
        { id: '@mapInsert_map_map', params: [mapType(K, V), mapType(K, V)], result: mapType(K, V) },
      ],
      // No source can name it, and comprehensions insert into the map that they are making.
      call: () => {
        throw noSuchOverload()
      },
    },
  ],
}
