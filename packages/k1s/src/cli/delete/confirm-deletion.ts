import { formatGroupKind } from '@k1s/apimachinery'
import { aggregate, type Info, type IOStreams, type Result } from '@k1s/cli-runtime'

/**
 * Lists what a builder found and asks whether to go on. Returns exactly what was listed, or undefined if there is
 * nothing or the answer is not `y`. Texts are those of DeleteOptions of `k8s.io/kubectl/pkg/cmd/delete`.
 */
export async function confirmDeletion(
  targets: Pick<Result, 'visit'>,
  { out, in: input }: IOStreams,
): Promise<Pick<Result, 'visit'> | undefined> {
  const infos: Info[] = []
  await targets.visit(async (info) => {
    infos.push(info)
  })
  if (infos.length === 0) {
    out.write('No resources found\n')
    return undefined
  }
  out.write(`You are about to delete the following ${infos.length} resource(s):\n`)
  for (const { mapping, name } of infos) out.write(`${formatGroupKind(mapping).toLowerCase()}/${name}\n`)
  out.write('Do you want to continue? (y/N): ')
  out.flush()
  if (input.readLine().trim().toLowerCase() !== 'y') {
    out.write('deletion is cancelled\n')
    return undefined
  }
  return {
    async visit(visitor) {
      const errors: unknown[] = []
      for (const info of infos) {
        try {
          await visitor(info)
        } catch (error) {
          errors.push(error)
        }
      }
      const error = aggregate(errors)
      if (error !== undefined) throw error
    },
  }
}
