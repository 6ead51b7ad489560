/** Whether a text is the whole of what is wanted, or an expression finds it; any is if nothing is wanted. */
export function matchesText(text: string | undefined, wanted: string | RegExp | undefined): boolean {
  if (wanted === undefined) return true
  return typeof wanted === 'string' ? text === wanted : (text ?? '').search(wanted) !== -1
}
