import { quote } from '@k1s/apimachinery'
import { type Config, type Context, contextFields, UsageError, writeConfigFile } from '@k1s/cli-runtime'
import type { Command } from '../command.ts'
import { startingConfig } from './config-access.ts'

export const unset: Command = {
  usage: 'config unset PROPERTY_NAME',
  description: `Unset an individual value in the configuration file.

PROPERTY_NAME is a dot delimited name: current-context, contexts, contexts.NAME, or contexts.NAME.FIELD, where FIELD is one of storage, path, tenant, namespace, user, kubeconfig and kube-context. NAME may contain dots.`,
  examples: `# Unset the current-context
k1s config unset current-context

# Unset the namespace of the context of the shop
k1s config unset contexts.shop.namespace`,
  // Texts are those of unsetOptions of k8s.io/kubectl/pkg/cmd/config.
  async run({ args, factory, commandPath }) {
    if (args.length !== 1) throw new UsageError(`Unexpected args: [${args.join(' ')}]`, commandPath)
    const property = args[0]!
    if (property === '') throw new Error('you must specify a property')
    const { file, config } = await startingConfig(factory)
    writeConfigFile(file, without(config, property))
    factory.streams.out.write(`Property ${quote(property)} unset.\n`)
  },
}

function without(config: Config, property: string): Config {
  if (property === 'current-context') {
    const { 'current-context': _, ...rest } = config
    return rest
  }
  if (property === 'contexts') return { ...config, contexts: [] }
  if (property.startsWith('contexts.')) return withoutContextPart(config, property.slice('contexts.'.length))
  throw new Error(`unable to parse ${quote(property)}: expected current-context, contexts, or contexts.NAME`)
}

/** `path` is the name of a context, or the name and a field of it. */
function withoutContextPart(config: Config, path: string): Config {
  const { contexts } = config
  if (contexts.some(({ name }) => name === path)) {
    return { ...config, contexts: contexts.filter(({ name }) => name !== path) }
  }
  const dot = path.lastIndexOf('.')
  const name = dot < 0 ? path : path.slice(0, dot)
  const entry = contexts.find((candidate) => candidate.name === name)
  if (dot < 0 || entry === undefined) throw new Error(`current map key \`${name}\` is invalid`)
  const context = withoutField(entry.context, path.slice(dot + 1))
  return { ...config, contexts: contexts.map((each) => (each === entry ? { name, context } : each)) }
}

function withoutField(context: Context, name: string): Context {
  const field = contextFields.find((candidate) => candidate === name)
  if (field === undefined) {
    throw new Error(`unable to parse ${quote(name)}: a context has the fields ${contextFields.join(', ')}`)
  }
  const { [field]: _, ...rest } = context
  return rest
}
