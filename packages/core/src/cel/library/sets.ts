import { boolType, listType, paramType } from '../cel-type.ts'
import type { CelList } from '../cel-value.ts'
import type { CelFunction, CelLibrary } from '../environment.ts'
import { listContains } from '../equality.ts'
import { comparisonWork } from './call-cost.ts'
import { overload } from './overload.ts'

const list = listType(paramType('T'))

function containsAll(container: CelList, elements: CelList): boolean {
  for (let index = 0; index < elements.size; index++) {
    if (!listContains(container, elements.at(index))) return false
  }
  return true
}

function intersects(left: CelList, right: CelList): boolean {
  for (let index = 0; index < left.size; index++) {
    if (listContains(right, left.at(index))) return true
  }
  return false
}

/** Each element of one list is compared to each of the other, `times` times. */
function comparison(
  name: string,
  times: number,
  call: (left: CelList, right: CelList) => boolean,
): CelFunction {
  const declared = overload(`list_sets_${name}_list`, [list, list], boolType, call)
  return {
    name: `sets.${name}`,
    overloads: [
      {
        ...declared,
        costBefore: (args) => {
          const [left, right] = args as readonly [CelList, CelList]
          return 1 + left.size * right.size * times
        },
        work: (args, budget) => {
          const [left, right] = args as readonly [CelList, CelList]
          return comparisonWork(left.size, right, budget) * times
        },
      },
    ],
  }
}

/** Lists as sets: `cel-go/ext/sets.go`. */
export const setsLibrary: CelLibrary = {
  name: 'cel.lib.ext.sets',
  functions: [
    comparison('contains', 1, containsAll),
    comparison('intersects', 1, intersects),
    comparison('equivalent', 2, (left, right) => containsAll(left, right) && containsAll(right, left)),
  ],
}
