import { UsageError } from '@k1s/cli-runtime'
import { customResourceDefinitionOf } from '@k1s/core'
import type { Command } from '../command.ts'
import { loadProjectConfig } from '../project/load-project-config.ts'
import { projectConfigFile } from '../project/project-config-file.ts'
import { addProjectFlag, type ProjectFlags } from './project-flag.ts'

export const crds: Command<ProjectFlags> = {
  usage: 'controller crds',
  description: `Print a CustomResourceDefinition for each kind that a project declares.

The kinds of a k1s.config.ts are served while its controllers run on a store. Other commands, and servers, know them once their CustomResourceDefinitions are applied.`,
  examples: `# Have all commands know the kinds of the project
k1s controller crds | k1s apply -f -

# See what they would be
k1s controller crds`,
  flags: addProjectFlag,
  async run({ flags, args, factory, commandPath }) {
    if (args.length > 0) throw new UsageError(`unexpected arguments: [${args.join(' ')}]`, commandPath)
    const file = projectConfigFile(flags.projectConfig)
    const { kinds } = await loadProjectConfig(file)
    const { out, err } = factory.streams
    if (kinds.length === 0) err.write(`${file} declares no kinds\n`)
    const { encodeYaml } = await import('@k1s/apimachinery/yaml')
    for (const kind of kinds) {
      out.write(`---\n${encodeYaml(customResourceDefinitionOf(kind))}`)
      for (const { name, value } of kind.printerColumns ?? []) {
        if (typeof value === 'string') continue
        err.write(
          `warning: ${kind.plural}.${kind.group}: the column ${name} is a function, which a CustomResourceDefinition cannot have\n`,
        )
      }
    }
  },
}
