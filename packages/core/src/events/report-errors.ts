/** `onError`, or `console.error` without one. It never throws, so that nothing else is lost. */
export function reportErrors(onError: (error: unknown) => void = console.error): (error: unknown) => void {
  return (error) => {
    try {
      onError(error)
    } catch (another) {
      console.error(another)
    }
  }
}
