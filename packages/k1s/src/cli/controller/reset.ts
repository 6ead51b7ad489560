import { UsageError } from '@k1s/cli-runtime'
import type { Command } from '../command.ts'
import { openProject } from '../project/open-project.ts'
import { projectConfigFile } from '../project/project-config-file.ts'
import { addProjectFlag, type ProjectFlags } from './project-flag.ts'

export const reset: Command<ProjectFlags> = {
  usage: 'controller reset NAME ...',
  description:
    'Forget up to where controllers have seen what was written, and what they wanted to look at again. Their next run reconciles all objects that there are.',
  examples: `# Have the controller category look at everything again
k1s controller reset category
k1s controller run category`,
  flags: addProjectFlag,
  async run({ flags, args, factory, commandPath }) {
    if (args.length === 0) throw new UsageError('at least one NAME is required', commandPath)
    const { config, manager } = await openProject(projectConfigFile(flags.projectConfig), factory)
    const known = manager.controllers.map(({ name }) => name)
    for (const name of args) {
      if (known.includes(name)) continue
      throw new Error(
        `there is no controller ${JSON.stringify(name)}; there are: ${known.join(', ') || 'none'}`,
      )
    }
    for (const name of args) {
      await config.resetController(manager, name)
      factory.streams.out.write(`controller/${name} reset\n`)
    }
  },
}
