/** The fields of a strategic merge patch that say how to merge what is beside them. */

/** In an object: `replace`, `delete` or `merge` it, or the item of a list that it is. */
export const patchDirective = '$patch'

/** In an object: the fields that stay, all others go. */
export const retainKeysDirective = '$retainKeys'

/** Beside a list of plain values, followed by `/` and its name: the values to remove from it. */
export const deleteFromPrimitiveListPrefix = '$deleteFromPrimitiveList'

/** Beside a merged list, followed by `/` and its name: the wanted order of its items. */
export const setElementOrderPrefix = '$setElementOrder'

/** The name of the list that a directive is for; undefined if the directive does not name one. */
export function directedList(directive: string, prefix: string): string | undefined {
  return directive.startsWith(`${prefix}/`) ? directive.slice(prefix.length + 1) : undefined
}
