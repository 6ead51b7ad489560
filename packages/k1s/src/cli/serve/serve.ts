import { resolve } from 'node:path'
import { UsageError } from '@k1s/cli-runtime'
import type { Command } from '../command.ts'
import { ReadyFile } from './ready-file.ts'
import { addServeFlags, checkServeFlags, type ServeFlags } from './serve-flags.ts'

export const serve: Command<ServeFlags> = {
  usage: 'serve [--port=number] [--write-kubeconfig=file] [flags]',
  description: `Serve the store over HTTPS as a Kubernetes API server, until Ctrl-C or SIGTERM.

kubectl, client libraries and controllers of any language work on the same objects as k1s does, and k1s may go on working on the store at the same time. Only those who have the token are answered: it is in the kubeconfig, whose path is printed.`,
  examples: `# Serve the store on https://127.0.0.1:6443
k1s serve

# Then, in another terminal, with the path that was printed
export KUBECONFIG=~/.local/share/k1s/apiserver/kubeconfig
kubectl get namespaces

# An API server for a test: a free port, and objects that end with it
k1s serve --storage=memory --port=0 --write-kubeconfig=kubeconfig --ready-file=ready

# Two further tenants, each with a context of its own
k1s serve --tenants=acme,initech

# Serve to other machines, under their name for this one
k1s serve --host=0.0.0.0 --tls-san-names=build.example.com`,
  flags: addServeFlags,

  async run({ flags, args, factory, commandPath }) {
    // Before all else, so that nobody takes the file of a server that was killed for that of this one.
    const ready = flags.readyFile === undefined ? undefined : new ReadyFile(resolve(flags.readyFile))
    if (args.length > 0) throw new UsageError(`Unexpected args: [${args.join(' ')}]`, commandPath)
    checkServeFlags(flags)
    const { runServe } = await import('./run-serve.ts')
    await runServe(flags, factory, ready)
  },
}
