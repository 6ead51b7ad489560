import { isNotFound, type KubernetesObject } from '@k1s/apimachinery'
import { type Printable, toList } from '@k1s/cli-runtime'
import type { Invocation } from '../command.ts'
import { type GetFlags, getBuilder } from './get.ts'

/** Prints whole objects: one as it is, several (or none) in a `v1` List. Follows printGeneric of kubectl's get. */
export async function printObjects(invocation: Invocation<GetFlags>): Promise<void> {
  const { flags, factory } = invocation
  const builder = await getBuilder(invocation)
  const result = builder.continueOnError().flatten().do()
  if (flags.ignoreNotFound) result.ignoreErrors(isNotFound)
  await result.open()
  const { infos, error } = await result.infosAndError()
  const single = result.singleItemImplied
  if (error !== undefined && single) throw error

  if (infos.length > 0 || !flags.ignoreNotFound) {
    const printer = await factory.printer({
      ...flags,
      noHeaders: flags.headers === false,
    })
    const object: Printable =
      single && infos.length === 1
        ? infos[0]!.object!
        : toList(infos.map((info) => info.object as KubernetesObject))
    printer.print(object, factory.streams.out)
  }
  if (error !== undefined) throw error
}
