import {
  boolType,
  type CelObjectType,
  type CelType,
  dynType,
  errorType,
  formatCheckedType,
  listType,
  mapType,
  optionalType,
} from './cel-type.ts'
import { CheckIssues } from './check-issues.ts'
import type { CelEnvironment, DeclaredFunction } from './environment.ts'
import {
  type CallExpression,
  type ComprehensionExpression,
  call,
  childrenOf,
  type Expression,
  type IdentifierExpression,
  identifier,
  type ListExpression,
  type MapExpression,
  type SelectExpression,
  type StructExpression,
} from './expression.ts'
import { fieldType } from './field-type.ts'
import { iterationTypes } from './iteration-types.ts'
import { literalType } from './literal-type.ts'
import { NameResolution, qualifiedName, type Resolved, withoutDot } from './name-resolution.ts'
import { resolveOverloads } from './resolve-overloads.ts'
import type { CelIssue } from './source-error.ts'
import { mostGeneral, TypeUnification, typeWeight } from './type-unification.ts'

/**
 * Gives every node of an expression its type and every call its overloads, as `checker/checker.go` of cel-go does with
 * comparisons of numbers across types, which is Kubernetes' option.
 *
 * @returns the expression, in which qualified names are now identifiers, and what is wrong with it
 */
export function checkExpression(
  expression: Expression,
  environment: CelEnvironment,
): { expression: Expression; issues: readonly CelIssue[] } {
  const checker = new Checker(environment)
  const checked = checker.check(expression)
  if (checker.issues.length === 0) checker.resolveTypes(checked)
  return { expression: checked, issues: checker.issues }
}

const HEAVIEST_TYPE = 10_000

class Checker {
  readonly #issues = new CheckIssues()
  readonly #environment: CelEnvironment
  readonly #types = new TypeUnification()
  readonly #names: NameResolution

  constructor(environment: CelEnvironment) {
    this.#environment = environment
    this.#names = new NameResolution(environment)
  }

  get issues(): readonly CelIssue[] {
    return this.#issues.found
  }

  /** Replaces type parameters by what they stand for, at last. */
  resolveTypes(expression: Expression): void {
    expression.type = this.#types.substitute(expression.type, true)
    for (const child of childrenOf(expression)) this.resolveTypes(child)
  }

  check(expression: Expression): Expression {
    switch (expression.kind) {
      case 'literal':
        expression.type = literalType(expression.value)
        return expression
      case 'identifier':
        return this.#checkIdentifier(expression)
      case 'select':
        return this.#checkSelect(expression)
      case 'call':
        return this.#checkCall(expression)
      case 'list':
        return this.#checkList(expression)
      case 'map':
        return this.#checkMap(expression)
      case 'struct':
        return this.#checkStruct(expression)
      case 'comprehension':
        return this.#checkComprehension(expression)
    }
  }

  #checkIdentifier(expression: IdentifierExpression): Expression {
    const resolved = this.#names.resolve(expression.name)
    if (resolved) return this.#resolved(expression, expression.name, resolved)
    this.#issues.undeclared(expression.offset, expression.name)
    expression.type = errorType
    return expression
  }

  #resolved(from: Expression, name: string, { type, value }: Resolved): IdentifierExpression {
    return { ...identifier(from.offset, name), type, ...(value !== undefined && { value }) }
  }

  /** A chain of names is first looked for as one name with dots. */
  #checkSelect(expression: SelectExpression): Expression {
    const name = expression.testOnly ? undefined : qualifiedName(expression)
    if (name !== undefined && !this.#names.local(name.slice(0, name.indexOf('.')))) {
      const resolved = this.#names.global(name)
      if (resolved) return this.#resolved(expression, name, resolved)
    }
    expression.operand = this.check(expression.operand)
    const type = fieldType(
      this.#types,
      this.#issues,
      expression.offset,
      expression.operand.type,
      expression.field,
      false,
    )
    expression.type = expression.testOnly ? boolType : this.#types.substitute(type)
    return expression
  }

  #checkCall(expression: CallExpression): Expression {
    if (expression.function === '_?._') return this.#checkOptionalSelect(expression)
    expression.args = expression.args.map((argument) => this.check(argument))
    if (!expression.target) return this.#resolveCall(expression, this.#findFunction(expression))
    const prefix = qualifiedName(expression.target)
    const qualified = prefix === undefined ? undefined : `${prefix}.${expression.function}`
    const namespaced = qualified && this.#lookup(qualified)
    if (namespaced) {
      const plain = call(expression.offset, namespaced.name, expression.args)
      return this.#resolveCall(plain, namespaced)
    }
    expression.target = this.check(expression.target)
    return this.#resolveCall(expression, this.#findFunction(expression))
  }

  #checkOptionalSelect(expression: CallExpression): Expression {
    const [operand, field] = expression.args as [Expression, Expression]
    const checked = this.check(operand)
    const name = field.kind === 'literal' ? String(field.value) : ''
    expression.args = [checked, this.check(field)]
    expression.type = this.#types.substitute(
      fieldType(this.#types, this.#issues, expression.offset, checked.type, name, true),
    )
    expression.overloadIds = ['select_optional_field']
    return expression
  }

  #lookup(name: string): DeclaredFunction | undefined {
    return this.#environment.declarations.findFunction(withoutDot(name))
  }

  #findFunction(expression: CallExpression): DeclaredFunction | undefined {
    const declared = this.#lookup(expression.function)
    if (!declared) this.#issues.undeclared(expression.offset, expression.function)
    return declared
  }

  #resolveCall(expression: CallExpression, declared: DeclaredFunction | undefined): Expression {
    expression.type = errorType
    if (!declared) return expression
    if (declared.name === '_&&_' || declared.name === '_||_') return this.#checkLogical(expression, declared)
    const resolution = resolveOverloads(this.#types, declared, expression)
    if ('mismatch' in resolution) {
      this.#issues.report(expression.offset, resolution.mismatch)
      return expression
    }
    expression.type = resolution.result
    expression.overloadIds = resolution.overloadIds
    return expression
  }

  #checkLogical(expression: CallExpression, declared: DeclaredFunction): Expression {
    let valid = true
    for (const term of expression.args) {
      if (this.#types.isAssignable(term.type, boolType)) continue
      this.#issues.mismatch(term.offset, boolType, term.type)
      valid = false
    }
    if (!valid) return expression
    expression.type = boolType
    expression.overloadIds = [declared.overloads[0]!.id]
    return expression
  }

  #checkList(expression: ListExpression): Expression {
    let elementType: CelType | undefined
    expression.elements = expression.elements.map((element, index) => {
      const checked = this.check(element)
      const type = this.#entryType(checked, expression.optionalIndices.has(index))
      elementType = this.#join(elementType, type)
      return checked
    })
    this.#setLiteralType(expression, listType(elementType ?? this.#types.newParameter()))
    return expression
  }

  #checkMap(expression: MapExpression): Expression {
    let keyType: CelType | undefined
    let valueType: CelType | undefined
    for (const entry of expression.entries) {
      entry.key = this.check(entry.key)
      keyType = this.#join(keyType, entry.key.type)
      entry.value = this.check(entry.value)
      valueType = this.#join(valueType, this.#entryType(entry.value, entry.optional))
    }
    keyType ??= this.#types.newParameter()
    this.#setLiteralType(expression, mapType(keyType, valueType ?? this.#types.newParameter()))
    return expression
  }

  /** A map whose key and value are the map before it doubles its type, which nothing else does. */
  #setLiteralType(expression: ListExpression | MapExpression, type: CelType): void {
    expression.type = type
    if (typeWeight(this.#types.substitute(type)) <= HEAVIEST_TYPE) return
    this.#issues.report(expression.offset, `type is made of more than ${HEAVIEST_TYPE} types`)
    expression.type = errorType
  }

  /** The type of what an entry adds: that within the optional value which `?` expects. */
  #entryType(value: Expression, optional: boolean): CelType {
    if (!optional) return value.type
    const type = this.#types.substitute(value.type)
    if (type.kind === 'optional') return type.value
    if (type.kind !== 'dyn') this.#issues.mismatch(value.offset, optionalType(type), type)
    return type
  }

  /** Elements of several types make a list of `dyn`, which `validateExpression` refuses where that is not allowed. */
  #join(previous: CelType | undefined, current: CelType): CelType {
    if (!previous) return current
    return this.#types.isAssignable(previous, current) ? mostGeneral(previous, current) : dynType
  }

  #checkStruct(expression: StructExpression): Expression {
    const name = withoutDot(expression.typeName)
    const type = this.#environment.types?.findType(name)
    expression.type = type ?? errorType
    if (!type) {
      this.#reportNoMessageType(expression, name)
      return expression
    }
    for (const field of expression.fields) {
      field.value = this.check(field.value)
      const fieldType = this.#messageField(field.offset, type, field.name)
      const valueType = this.#entryType(field.value, field.optional)
      if (this.#types.isAssignable(fieldType, valueType)) continue
      const [expected, found] = [formatCheckedType(fieldType), formatCheckedType(valueType)]
      this.#issues.report(
        field.offset,
        `expected type of field '${field.name}' is '${expected}' but provided type is '${found}'`,
      )
    }
    return expression
  }

  #reportNoMessageType({ offset, typeName }: StructExpression, name: string): void {
    const constant = this.#environment.declarations.findConstant(name)
    if (constant) this.#issues.report(offset, `'${name}' is not a message type`)
    else this.#issues.undeclared(offset, typeName)
  }

  #messageField(offset: number, type: CelObjectType, name: string): CelType {
    const fieldType = type.field(name)
    if (!fieldType) this.#issues.report(offset, `undefined field '${name}'`)
    return fieldType ?? errorType
  }

  #checkComprehension(expression: ComprehensionExpression): Expression {
    expression.iterRange = this.check(expression.iterRange)
    expression.accuInit = this.check(expression.accuInit)
    const accuType = expression.accuInit.type
    const outer = this.#names.depth
    this.#names.declare(expression.accuVar, accuType)
    const [type, type2] = iterationTypes(this.#types, this.#issues, expression)
    this.#names.declare(expression.iterVar, type)
    if (expression.iterVar2 !== undefined) this.#names.declare(expression.iterVar2, type2)
    expression.loopCondition = this.check(expression.loopCondition)
    this.#assertType(expression.loopCondition, boolType)
    expression.loopStep = this.check(expression.loopStep)
    this.#assertType(expression.loopStep, accuType)
    this.#names.leave(outer + 1)
    expression.result = this.check(expression.result)
    this.#names.leave(outer)
    expression.type = this.#types.substitute(expression.result.type)
    return expression
  }

  #assertType(expression: Expression, expected: CelType): void {
    if (!this.#types.isAssignable(expected, expression.type)) {
      this.#issues.mismatch(expression.offset, expected, expression.type)
    }
  }
}
