/** The name in an argument: as it is, or as `controller list -o name` prints it. */
export function controllerName(argument: string): string {
  return argument.replace(/^controllers?\//, '')
}
