import { resolve } from 'node:path'
import { isDNS1123Label, quote } from '@k1s/apimachinery'
import { type Context, contextProblem, type GlobalFlags, UsageError, writeConfigFile } from '@k1s/cli-runtime'
import type { Command } from '../command.ts'
import { startingConfig } from './config-access.ts'

/** What this version opens, as openStorage of `@k1s/storage`, which would be slow to load for this. */
const storageTypes = ['memory', 'lmdb', 'bolt']

interface SetContextFlags extends GlobalFlags {
  current?: boolean
  kubeContext?: string
}

export const setContext: Command<SetContextFlags> = {
  usage:
    'config set-context [NAME | --current] [--storage=type] [--data-dir=path] [--tenant=name] [--namespace=namespace] [--user=name] [--kubeconfig=path] [--kube-context=name]',
  description: `Set a context entry in the configuration file.

Specifying a name that already exists will merge new fields on top of existing values for those fields.

A context is a store, or the API server of a kubeconfig: one that has a kubeconfig has neither storage, path, tenant nor user.`,
  examples: `# Create a context with a store of its own
k1s config set-context shop --data-dir=./shop-data

# Create a context for a Kubernetes cluster
k1s config set-context prod --kubeconfig=$HOME/.kube/config --kube-context=prod-eu

# Set the namespace of the current context without touching other values
k1s config set-context --current --namespace=store`,
  flags(set) {
    set
      .option('--current', 'Modify the current context')
      .option('--user <name>', 'The user name that requests of this context carry')
      .option(
        '--kubeconfig <file>',
        'The kubeconfig of the API server to which commands go in place of a store',
      )
      .option('--kube-context <name>', 'The context of the kubeconfig, if not its current-context')
  },
  // Texts are those of setContextOptions of k8s.io/kubectl/pkg/cmd/config.
  async run({ flags, args, factory, commandPath }) {
    if (args.length > 1) throw new UsageError(`Unexpected args: [${args.join(' ')}]`, commandPath)
    const given = args[0] ?? ''
    if (given === '' && !flags.current) {
      throw new Error('you must specify a non-empty context name or --current')
    }
    if (given !== '' && flags.current) {
      throw new Error('you cannot specify both a context name and --current')
    }
    validate(flags)
    const { file, config } = await startingConfig(factory)
    const name = given === '' ? config['current-context'] : given
    if (name === undefined) throw new Error('no current context is set')

    const existing = config.contexts.find((entry) => entry.name === name)
    const context = { ...existing?.context, ...contextOf(flags) }
    const problem = contextProblem(context)
    if (problem !== undefined) {
      const hint = contextProblem(contextOf(flags)) === undefined ? unsetHint(name) : ''
      throw new Error(`context ${quote(name)} ${problem}${hint}`)
    }
    writeConfigFile(file, {
      ...config,
      contexts:
        existing === undefined
          ? [...config.contexts, { name, context }]
          : config.contexts.map((entry) => (entry === existing ? { name, context } : entry)),
    })
    factory.streams.out.write(`Context ${quote(name)} ${existing === undefined ? 'created' : 'modified'}.\n`)
  },
}

/** What is in the way was there before. */
function unsetHint(name: string): string {
  return `\nUse "k1s config unset contexts.${name}.FIELD" to take a field away, or give the context another name`
}

/** Refuses here what would fail in every later command. */
function validate({ storage, tenant, namespace }: SetContextFlags): void {
  if (storage && !storageTypes.includes(storage)) {
    throw new Error(`unknown storage type ${quote(storage)}: must be one of ${storageTypes.join(', ')}`)
  }
  for (const [flag, value] of Object.entries({ tenant, namespace })) {
    const problems = value ? isDNS1123Label(value) : []
    if (problems.length > 0) throw new Error(`invalid --${flag} ${quote(value!)}: ${problems.join('; ')}`)
  }
}

/** A relative path is taken from the working directory, where the command was typed, not from the file. */
function contextOf(flags: SetContextFlags): Context {
  const { storage, dataDir, tenant, namespace, user, kubeconfig, kubeContext } = flags
  return {
    ...(storage !== undefined && { storage }),
    ...(dataDir !== undefined && { path: resolve(dataDir) }),
    ...(tenant !== undefined && { tenant }),
    ...(namespace !== undefined && { namespace }),
    ...(user !== undefined && { user }),
    ...(kubeconfig !== undefined && { kubeconfig: resolve(kubeconfig) }),
    ...(kubeContext !== undefined && { 'kube-context': kubeContext }),
  }
}
