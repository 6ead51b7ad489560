import { UsageError } from '@k1s/cli-runtime'
import type { Command } from '../command.ts'
import { openProject } from '../project/open-project.ts'
import { projectConfigFile } from '../project/project-config-file.ts'
import { controllerName } from './controller-name.ts'
import { addProjectFlag, type ProjectFlags } from './project-flag.ts'

export const reset: Command<ProjectFlags> = {
  usage: 'controller reset (NAME | controller/NAME) ...',
  description:
    'Forget up to where controllers have seen what was written, and what they wanted to look at again. Their next run reconciles all objects that there are.',
  examples: `# Have the controller category look at everything again
k1s controller reset category
k1s controller run category

# The same of all controllers
k1s controller reset $(k1s controller list -o name)`,
  flags: addProjectFlag,
  async run({ flags, args, factory, commandPath }) {
    if (args.length === 0) throw new UsageError('at least one NAME is required', commandPath)
    const { config, manager } = await openProject(projectConfigFile(flags.projectConfig), factory)
    const known = manager.controllers.map(({ name }) => name)
    const names = args.map(controllerName)
    for (const name of names) {
      if (known.includes(name)) continue
      throw new Error(
        `there is no controller ${JSON.stringify(name)}; there are: ${known.join(', ') || 'none'}`,
      )
    }
    for (const name of names) {
      await config.resetController(manager, name)
      factory.streams.out.write(`controller/${name} reset\n`)
    }
  },
}
