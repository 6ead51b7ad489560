import { quote } from './quote.ts'

/** All fields of an interface of options. */
export type FieldsOf<Options> = { readonly [field in keyof Required<Options>]: true }

/**
 * Throws a TypeError for a field that options do not have, which says those that they do: where no compiler has looked, a mistyped
 * option would else be one that was never given. `place` is whose options they are, such as `newManager`.
 */
export function checkFields<Options extends object>(
  place: string,
  options: Options,
  known: FieldsOf<Options>,
): void {
  for (const field of Object.keys(options)) {
    if (Object.hasOwn(known, field)) continue
    throw new TypeError(
      `${place}: unknown field ${quote(field)}, expected one of ${Object.keys(known).join(', ')}`,
    )
  }
}
