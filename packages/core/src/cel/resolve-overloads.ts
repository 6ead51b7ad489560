import { type CelType, dynType, formatCheckedType } from './cel-type.ts'
import type { DeclaredFunction } from './environment.ts'
import type { CallExpression } from './expression.ts'
import type { TypeUnification } from './type-unification.ts'

export type OverloadResolution =
  | { readonly overloadIds: string[]; readonly result: CelType }
  /** No overload takes the arguments: cel-go's message. */
  | { readonly mismatch: string }

/** The overloads that may be meant by a call whose arguments are checked; of several results, the type is `dyn`. */
export function resolveOverloads(
  types: TypeUnification,
  { name, overloads }: DeclaredFunction,
  { target, args }: CallExpression,
): OverloadResolution {
  const isMember = target !== undefined
  const argTypes = (isMember ? [target, ...args] : args).map((argument) => argument.type)
  const overloadIds: string[] = []
  let result: CelType | undefined
  for (const overload of overloads) {
    if ((overload.receiver ?? false) !== isMember) continue
    const signature = types.instantiate(overload.params, overload.result)
    if (!types.areAssignable(argTypes, signature.params)) continue
    overloadIds.push(overload.id)
    const type = types.substitute(signature.result)
    if (!result) result = type
    else if (result.kind !== 'dyn' && formatCheckedType(type) !== formatCheckedType(result)) result = dynType
  }
  if (result) return { overloadIds, result }
  const found = argTypes.map((type) => formatCheckedType(types.substitute(type, true)))
  const signature = isMember ? `${found[0]}.(${found.slice(1).join(', ')})` : `(${found.join(', ')})`
  return { mismatch: `found no matching overload for '${name}' applied to '${signature}'` }
}
