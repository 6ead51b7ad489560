import { readFileSync } from 'node:fs'
import { decodeYaml } from '@k1s/apimachinery/yaml'
import { compileRegularExpression } from '../../packages/core/dist/regular-expression.js'
import { compileSchema } from '../../packages/core/dist/schema/compile-schema.js'
import { SchemaNode } from '../../packages/core/dist/schema/schema-node.js'
import { rulesOf } from '../../packages/core/dist/schema-rules/evaluate-rules.js'
import { alternate, median, timeOf } from '../measure.mjs'

const testdata = new URL('../../../shared/testdata/gateway-api/', import.meta.url)
const perRound = 100

/** The CEL rules of an HTTPRoute, beside what else its schema says of it. */
export async function measure() {
  const definition = read('crd-httproutes.yaml')[0]
  const schema = definition.spec.versions[0].schema.openAPIV3Schema
  const route = read('examples/http-cors__httproute-all-fields-set.yaml').find(
    ({ kind }) => kind === 'HTTPRoute',
  )
  const compilePattern = compileRegularExpression
  const evaluate = rulesOf(new SchemaNode(schema, compilePattern))
  const ruleless = compileSchema(withoutRules(schema), { compilePattern })
  ruleless.applyDefaults(route)
  const check = (errors) => {
    if (errors.length > 0) throw new Error(`the route is invalid: ${JSON.stringify(errors)}`)
  }
  const times = await alternate(
    {
      schema: async () => (await timeOf(() => repeat(() => check(ruleless.validate(route))))) / perRound,
      rules: async () => (await timeOf(() => repeat(() => check(evaluate(route, undefined))))) / perRound,
    },
    { rounds: 15, warmUp: 5, collect: false },
  )
  return [
    {
      what: 'cel validation of an HTTPRoute once compiled',
      value: median(times.rules),
      floor: median(times.schema),
      unit: 'ms',
      floorIs: 'validation of its types, limits and patterns',
      budget: { atMost: 1, of: 'value' },
    },
  ]
}

function repeat(operation) {
  for (let index = 0; index < perRound; index++) operation()
}

function withoutRules(schema) {
  return JSON.parse(
    JSON.stringify(schema, (key, value) => (key === 'x-kubernetes-validations' ? undefined : value)),
  )
}

function read(file) {
  return decodeYaml(readFileSync(new URL(file, testdata), 'utf8')).map(({ value }) => value)
}
