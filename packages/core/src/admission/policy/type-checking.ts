import { objectMeta } from '../../builtin/types/object-meta.ts'
import type { CelType } from '../../cel/cel-type.ts'
import type { ResourceRegistry } from '../../registry/resource-registry.ts'
import { schemaOf } from '../../registry-store/schema-of.ts'
import { structOf } from '../../registry-store/struct-of.ts'
import type { ResourceVersionDefinition } from '../../resource-definition.ts'
import { celTypeOf } from '../../schema-rules/schema-type.ts'
import type { AdmissionRule } from '../match-rules.ts'
import { compilationPrefix, PolicyCompiler } from './policy-compiler.ts'
import { findParamResource } from './policy-params.ts'
import type { ValidatingAdmissionPolicy } from './policy-types.ts'
import { celTypeOfStruct } from './struct-cel-type.ts'

/** `ExpressionWarning` of a policy's status. */
export interface ExpressionWarning {
  readonly fieldRef: string
  readonly warning: string
}

interface CheckedKind {
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly type: CelType
}

const maxTypes = 10

/**
 * What expressions of a policy get wrong about the kinds that it names: `TypeChecker.Check` of
 * `k8s.io/apiserver/pkg/admission/plugin/policy/validating`. Rules with wildcards name none.
 */
export async function checkTypes(
  registry: ResourceRegistry,
  tenant: string,
  { spec = {} }: ValidatingAdmissionPolicy,
): Promise<ExpressionWarning[]> {
  const { matchConstraints, paramKind, variables = [], validations = [] } = spec
  const kinds = await kindsOf(registry, tenant, matchConstraints?.resourceRules ?? [])
  if (kinds.length === 0) return []
  const params = paramKind && (await paramType(registry, tenant, paramKind))
  const compilers = kinds.map((kind) => {
    const types = { object: kind.type, oldObject: kind.type, ...(params !== undefined && { params }) }
    const compiler = new PolicyCompiler({ hasParams: paramKind !== undefined, hasVariables: true, types })
    for (const { name = '', expression = '' } of variables) compiler.declareVariable(name, expression)
    return { compiler, kind }
  })
  const check = (expression: string, fieldRef: string): ExpressionWarning[] => {
    const warnings = compilers.flatMap(({ compiler, kind }) => {
      const { error } = compiler.compile(expression, 'variable')
      if (error === undefined) return []
      return [`${formatKind(kind)}: ${error.replace(compilationPrefix, '')}\n`]
    })
    return warnings.length === 0 ? [] : [{ fieldRef, warning: warnings.join('\n') }]
  }
  return validations.flatMap(({ expression = '', messageExpression = '' }, index) => [
    ...check(expression, `spec.validations[${index}].expression`),
    ...(messageExpression === ''
      ? []
      : check(messageExpression, `spec.validations[${index}].messageExpression`)),
  ])
}

function formatKind({ group, version, kind }: CheckedKind): string {
  return `${group}/${version}, Kind=${kind}`
}

/** Sorted by group, version and kind. */
async function kindsOf(
  registry: ResourceRegistry,
  tenant: string,
  rules: readonly AdmissionRule[],
): Promise<CheckedKind[]> {
  const found = new Map<string, CheckedKind>()
  for (const { apiGroups, apiVersions, resources } of rules) {
    if ([...apiGroups, ...apiVersions].some((name) => name.includes('*'))) continue
    const plain = resources.filter((resource) => !/[*/]/.test(resource))
    for (const group of apiGroups) {
      for (const resource of plain) {
        const definition = await registry.find(tenant, group, resource)
        for (const candidate of definition?.versions ?? []) {
          const { name: version, served } = candidate
          if (!served || !apiVersions.includes(version) || found.size >= maxTypes) continue
          const { kind } = definition!
          const type = await typeOf(candidate, kind)
          if (type !== undefined) found.set(`${group}/${version}/${kind}`, { group, version, kind, type })
        }
      }
    }
  }
  return Array.from(found.keys())
    .sort()
    .map((name) => found.get(name)!)
}

/** A kind that is not there yet is any. */
async function paramType(
  registry: ResourceRegistry,
  tenant: string,
  paramKind: NonNullable<NonNullable<ValidatingAdmissionPolicy['spec']>['paramKind']>,
): Promise<CelType | undefined> {
  const found = await findParamResource(registry, tenant, paramKind)
  return found && typeOf(found.version, paramKind.kind ?? '')
}

/** Undefined for kinds of which nothing is known. */
async function typeOf(version: ResourceVersionDefinition, kind: string): Promise<CelType | undefined> {
  const struct = await structOf(version)
  if (struct !== undefined) return celTypeOfStruct(struct, kind)
  const schema = await schemaOf(version)
  const type = schema && celTypeOf(schema.props, true, kind)
  if (type?.kind !== 'object') return type
  const metadata = celTypeOfStruct(objectMeta, `${kind}.metadata`)
  return { ...type, field: (name) => (name === 'metadata' ? metadata : type.field(name)) }
}
