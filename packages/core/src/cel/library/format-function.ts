import { dynType, listType, stringType } from '../cel-type.ts'
import type { CelList } from '../cel-value.ts'
import type { CelFunction } from '../environment.ts'
import { CelEvaluationError } from '../evaluation-error.ts'
import { textCost } from '../value-size.ts'
import { textWork } from './call-cost.ts'
import { formatClause } from './format-clause.ts'
import { FormatError, interpolate } from './format-string.ts'
import { memberOverload } from './overload.ts'

function format(text: string, values: CelList): string {
  try {
    return interpolate(text, {
      count: values.size,
      requireArgument(index) {
        if (index >= values.size) throw new FormatError(`index ${index} out of range`)
      },
      format: (clause, index) => formatClause(clause, values.at(index)),
    })
  } catch (error) {
    if (error instanceof FormatError) throw new CelEvaluationError(error.message)
    throw error
  }
}

export const formatFunction: CelFunction = {
  name: 'format',
  overloads: [
    {
      ...memberOverload('string_format', [stringType, listType(dynType)], stringType, format, ([text]) =>
        textCost(text),
      ),
      // A format of few characters may join texts of many.
      work: ([, values], budget) => textWork(values!, budget),
    },
  ],
}
