import type { Command } from '../command.ts'

export const config: Command = {
  usage: 'config SUBCOMMAND',
  description: `Show and change contexts. A context names where and as whom commands work: storage backend, path of the data directory, tenant, namespace and user; or the kubeconfig of a Kubernetes API server, with one of its contexts, and a namespace.

The configuration is read from the file that --config names, else from $K1S_CONFIG, else from \${XDG_CONFIG_HOME:-~/.config}/k1s/config. What flags and the environment ($K1S_CONTEXT, $K1S_STORAGE, $K1S_DATA_DIR, $K1S_TENANT, $K1S_NAMESPACE) say wins over the context. With a kubeconfig, of --kubeconfig or $K1S_KUBECONFIG, --context is one of its contexts. $KUBECONFIG, which kubectl reads, means nothing to k1s.`,
  examples: `# Create a context with a store of its own, and use it
k1s config set-context shop --data-dir=./shop-data --namespace=store
k1s config use-context shop

# Show all contexts
k1s config get-contexts`,
  subcommands: [
    {
      name: 'current-context',
      summary: 'Display the current-context',
      load: async () => (await import('./current-context.ts')).currentContext,
    },
    {
      name: 'delete-context',
      summary: 'Delete the specified context from the configuration file',
      load: async () => (await import('./delete-context.ts')).deleteContext,
    },
    {
      name: 'get-contexts',
      summary: 'Describe one or many contexts',
      load: async () => (await import('./get-contexts.ts')).getContexts,
    },
    {
      name: 'rename-context',
      summary: 'Rename a context in the configuration file',
      load: async () => (await import('./rename-context.ts')).renameContext,
    },
    {
      name: 'set-context',
      summary: 'Set a context entry in the configuration file',
      load: async () => (await import('./set-context.ts')).setContext,
    },
    {
      name: 'unset',
      summary: 'Unset an individual value in the configuration file',
      load: async () => (await import('./unset.ts')).unset,
    },
    {
      name: 'use-context',
      aliases: ['use'],
      summary: 'Set the current-context in the configuration file',
      load: async () => (await import('./use-context.ts')).useContext,
    },
    {
      name: 'view',
      summary: 'Display the configuration file',
      load: async () => (await import('./view.ts')).view,
    },
  ],
}
