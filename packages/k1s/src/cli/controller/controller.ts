import type { Command } from '../command.ts'

export const controller: Command = {
  usage: 'controller SUBCOMMAND',
  description: `Run the controllers of a project, and see how far they are.

A project declares its controllers in k1s.config.ts (or .mts, .js, .mjs, .cjs), whose default export is made by defineConfig() of @k1s/controller-runtime/config. The file is looked for in the working directory and above it, unless --project-config or $K1S_PROJECT_CONFIG names it. Controllers remember in the store up to where they have seen what was written, and what they want to look at again.`,
  examples: `# Do what is due, and return
k1s controller run

# Keep running
k1s controller run --follow

# See all controllers, and what waits for them
k1s controller list

# Have one look at everything again
k1s controller reset category

# Have all commands know the kinds that the project declares
k1s controller crds | k1s apply -f -`,
  subcommands: [
    {
      name: 'run',
      summary: 'Run controllers once, every so often, or until a signal',
      load: async () => (await import('./run.ts')).run,
    },
    {
      name: 'list',
      aliases: ['ls'],
      summary: 'List controllers with their triggers and what is pending',
      load: async () => (await import('./list.ts')).list,
    },
    {
      name: 'reset',
      summary: 'Forget what controllers have seen, so that they look at everything again',
      load: async () => (await import('./reset.ts')).reset,
    },
    {
      name: 'crds',
      summary: 'Print the CustomResourceDefinitions of the kinds that a project declares',
      load: async () => (await import('./crds.ts')).crds,
    },
  ],
}
