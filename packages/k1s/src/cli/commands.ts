import type { CommandEntry } from './command.ts'

export interface CommandGroup {
  readonly title: string
  readonly commands: readonly CommandEntry[]
}

/** Every command, in the groups and order in which help shows them. */
export const commandGroups: readonly CommandGroup[] = [
  {
    title: 'Basic Commands:',
    commands: [
      {
        name: 'get',
        summary: 'Display one or many resources',
        suggestFor: ['list', 'ls'],
        load: async () => (await import('./get/get.ts')).get,
      },
      {
        name: 'describe',
        summary: 'Show details of a specific resource or group of resources',
        suggestFor: ['inspect'],
        load: async () => (await import('./describe/describe.ts')).describe,
      },
      {
        name: 'events',
        summary: 'List events',
        load: async () => (await import('./events/events.ts')).events,
      },
      {
        name: 'explain',
        summary: 'Get documentation for a resource',
        load: async () => (await import('./explain/explain.ts')).explain,
      },
      {
        name: 'create',
        summary: 'Create a resource from a file or from stdin',
        load: async () => (await import('./create/create.ts')).create,
      },
      {
        name: 'delete',
        summary:
          'Delete resources by file names, stdin, resources and names, or by resources and label selector',
        suggestFor: ['rm', 'remove'],
        load: async () => (await import('./delete/delete.ts')).deleteCommand,
      },
    ],
  },
  {
    title: 'Declarative Commands:',
    commands: [
      {
        name: 'apply',
        summary: 'Apply a configuration to a resource by file name or stdin',
        load: async () => (await import('./apply/apply.ts')).apply,
      },
      {
        name: 'diff',
        summary: 'Diff the live version against a would-be applied version',
        load: async () => (await import('./diff/diff.ts')).diff,
      },
      {
        name: 'replace',
        summary: 'Replace a resource by file name or stdin',
        load: async () => (await import('./replace.ts')).replace,
      },
      {
        name: 'patch',
        summary: 'Update fields of a resource',
        load: async () => (await import('./patch.ts')).patch,
      },
      {
        name: 'wait',
        summary: 'Wait for a specific condition on one or many resources',
        load: async () => (await import('./wait/wait.ts')).wait,
      },
    ],
  },
  {
    title: 'Metadata Commands:',
    commands: [
      {
        name: 'label',
        summary: 'Update the labels on a resource',
        load: async () => (await import('./label.ts')).label,
      },
      {
        name: 'annotate',
        summary: 'Update the annotations on a resource',
        load: async () => (await import('./annotate.ts')).annotate,
      },
    ],
  },
  {
    title: 'Bulk Commands:',
    commands: [
      {
        name: 'export',
        summary: 'Export objects, all or selected, to files or standard output',
        suggestFor: ['dump', 'backup'],
        load: async () => (await import('./export/export.ts')).exportCommand,
      },
      {
        name: 'import',
        summary: 'Import exported objects, with their owners, in the order in which they need each other',
        suggestFor: ['restore', 'load'],
        load: async () => (await import('./import/import.ts')).importCommand,
      },
    ],
  },
  {
    title: 'Discovery Commands:',
    commands: [
      {
        name: 'api-resources',
        summary: 'Print the supported API resources',
        load: async () => (await import('./api-resources.ts')).apiResources,
      },
      {
        name: 'api-versions',
        summary: 'Print the supported API versions, in the form of "group/version"',
        load: async () => (await import('./api-versions.ts')).apiVersions,
      },
    ],
  },
  {
    title: 'Controller Commands:',
    commands: [
      {
        name: 'controller',
        aliases: ['controllers'],
        summary: 'Run the controllers of a project, list and reset them',
        suggestFor: ['reconcile', 'operator'],
        load: async () => (await import('./controller/controller.ts')).controller,
      },
    ],
  },
  {
    title: 'Server Commands:',
    commands: [
      {
        name: 'serve',
        summary: 'Serve the store to kubectl and other clients, as a Kubernetes API server',
        suggestFor: ['server', 'proxy', 'start'],
        load: async () => (await import('./serve/serve.ts')).serve,
      },
    ],
  },
  {
    title: 'Settings Commands:',
    commands: [
      {
        name: 'config',
        summary: 'Show and change contexts: storage, path, tenant, namespace, user, or a kubeconfig',
        load: async () => (await import('./config/config.ts')).config,
      },
      {
        name: 'version',
        summary: 'Print the version',
        load: async () => (await import('./version.ts')).version,
      },
      {
        name: 'options',
        summary: 'Print the flags that apply to all commands',
        load: async () => (await import('./options.ts')).options,
      },
      {
        name: 'help',
        summary: 'Help about any command',
        load: async () => (await import('./help.ts')).help,
      },
    ],
  },
]

export const commands: readonly CommandEntry[] = commandGroups.flatMap((group) => group.commands)
