import { parseQuantity } from '@k1s/apimachinery'
import type { Command } from '../command.ts'
import { addCreateFlags, type CreateFromFlags } from './create.ts'
import { createObject, nameArgument } from './create-object.ts'

interface QuotaFlags extends CreateFromFlags {
  hard?: string
  scopes?: string
}

/** `k8s.io/kubectl/pkg/cmd/create/create_quota.go`. */
export const createQuota: Command<QuotaFlags> = {
  usage:
    'create quota NAME [--hard=key1=value1,key2=value2] [--scopes=Scope1,Scope2] [--dry-run=server|client|none]',
  description: 'Create a resource quota with the specified name, hard limits, and optional scopes.',
  examples: `# Create a new resource quota named my-quota
k1s create quota my-quota --hard=configmaps=10,secrets=5,count/items.inventory.k1s.dev=100

# Create a new resource quota that limits how many quotas there are
k1s create quota one-only --hard=resourcequotas=1`,

  flags(set) {
    addCreateFlags(set)
    set
      .option('--hard <limits>', 'A comma-delimited set of resource=quantity pairs that define a hard limit.')
      .option(
        '--scopes <scopes>',
        'A comma-delimited set of quota scopes that must all match each object tracked by the quota.',
      )
  },

  async run(invocation) {
    const name = nameArgument(invocation)
    const { hard, scopes } = invocation.flags
    const spec = {
      ...(hard && { hard: parseHard(hard) }),
      ...(scopes && { scopes: parseScopes(scopes) }),
    }
    const object = { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name }, spec, status: {} }
    await createObject(invocation, object, { namespaced: true, failure: 'failed to create quota:' })
  },
}

function parseHard(text: string): { [name: string]: string } {
  const hard: { [name: string]: string } = {}
  for (const statement of text.split(',')) {
    const parts = statement.split('=')
    if (parts.length !== 2) {
      throw new Error(`Invalid argument syntax ${statement}, expected <resource>=<value>`)
    }
    hard[parts[0]!] = parseQuantity(parts[1]!).toString()
  }
  return hard
}

function parseScopes(text: string): string[] {
  const scopes = text.split(',')
  if (scopes.includes('')) throw new Error('invalid resource quota scope ""')
  return scopes
}
