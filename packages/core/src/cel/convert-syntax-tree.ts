import type { ASTNode } from '@marcbachmann/cel-js'
import {
  call,
  copyExpression,
  type Expression,
  identifier,
  list,
  literal,
  map,
  select,
  struct,
} from './expression.ts'
import { binaryOperators, grammarRule } from './grammar-operators.ts'
import { type GrammarSource, tokenIndexAt, tokenIndexOfName } from './grammar-source.ts'
import { InvalidLiteralError } from './invalid-literal-error.ts'
import { type CelMacro, MacroError } from './macros.ts'
import { parseDouble, parseInteger } from './number-literal.ts'
import { reservedNames } from './reserved-names.ts'
import { CelCompileError, type CelIssue } from './source-error.ts'
import { type Expected, SyntaxFailure } from './syntax-error.ts'
import { tokenLiteral } from './token-literal.ts'
import type { Token } from './tokens.ts'

/** Finds the macro that a call is, if it is one. */
export type MacroLookup = (name: string, receiver: boolean, argumentCount: number) => CelMacro | undefined

/** How deep a rule of the grammar may nest, as in cel-go. */
export const DEEPEST = 250
/** Copies made by macros included; they can double an expression again and again. */
const MOST_NODES = 100_000

export const tooDeep = (source: string) =>
  new CelCompileError(source, [{ offset: -1, message: `expression recursion limit exceeded: ${DEEPEST}` }])

/** Makes expressions of what the parser found, which is read from the tokens again, and expands macros. */
export class Converter {
  readonly #source: string
  readonly #grammar: GrammarSource
  readonly #findMacro: MacroLookup
  readonly #issues: CelIssue[]
  readonly #depths = { calculation: 0, relation: 0, member: 0, other: 0 }
  #nodes = 0

  constructor(source: string, grammar: GrammarSource, findMacro: MacroLookup, issues: CelIssue[]) {
    this.#source = source
    this.#grammar = grammar
    this.#findMacro = findMacro
    this.#issues = issues
  }

  convert(node: ASTNode): Expression {
    this.#nodes++
    const rule = grammarRule(node.op)
    if (++this.#depths[rule] > DEEPEST) throw tooDeep(this.#source)
    const expression = this.#convert(node)
    this.#depths[rule]--
    return expression
  }

  #convert(node: ASTNode): Expression {
    switch (node.op) {
      case 'id':
        return this.#primary(tokenIndexOfName(node.args))
      case '.':
      case '.?':
        return this.#select(node.args[0], tokenIndexOfName(node.args[1]), node.op === '.?')
      case '[]':
      case '[?]':
        return this.#index(node.args[0], node.args[1], node.op === '[?]')
      case 'call':
        return this.#globalCall(tokenIndexOfName(node.args[0]), node.args[1])
      case 'rcall':
        return this.#memberCall(tokenIndexOfName(node.args[0]), node.args[1], node.args[2])
      case 'list':
        return this.#list(tokenIndexAt(node.start), node.args)
      case 'map':
        return this.#map(tokenIndexAt(node.start), node.args)
      case '?:':
        return this.#conditional(node.args)
      case '||':
      case '&&':
        return this.#logical(node.op, node)
      case '!_':
      case '-_':
        return this.#unary(node.op, node)
      case 'value':
        throw new Error('the grammar source has no literals')
      default:
        return this.#binary(node.args)
    }
  }

  #token(index: number): Token {
    return this.#grammar.tokens[index]!
  }

  #primary(index: number): Expression {
    const token = this.#token(index)
    if (token.kind === 'identifier') return identifier(token.offset, this.#name(index))
    const found = this.#literal(token)
    if (!found) throw new SyntaxFailure(index, 'operand')
    return found
  }

  #literal(token: Token): Expression | undefined {
    try {
      const value = tokenLiteral(token)
      return value === undefined ? undefined : literal(token.offset, value)
    } catch (error) {
      if (!(error instanceof InvalidLiteralError)) throw error
      return this.#fail(token.offset, error.message)
    }
  }

  /** Reports an issue and stands in for the expression that has it. */
  #fail(offset: number, message: string): Expression {
    this.#issues.push({ offset, message })
    return literal(offset, null)
  }

  #name(index: number): string {
    const { text, offset } = this.#token(index)
    if (reservedNames.has(text)) this.#fail(offset, `reserved identifier: ${text}`)
    return this.#grammar.leadingDots.has(index) ? `.${text}` : text
  }

  #fieldName(index: number, expected: Expected = 'name'): string {
    const token = this.#token(index)
    if (token.kind === 'identifier') return token.text
    if (token.kind === 'escaped identifier') return token.text.slice(1, -1)
    throw new SyntaxFailure(index, expected)
  }

  /** The operator after an operand, which brackets may surround. */
  #operatorAfter(operand: ASTNode): number {
    let index = tokenIndexAt(operand.end - 1) + 1
    while (this.#token(index).text === ')') index++
    return index
  }

  #select(operandNode: ASTNode, nameIndex: number, optional: boolean): Expression {
    const operand = this.convert(operandNode)
    const { offset } = this.#token(this.#operatorAfter(operandNode))
    const field = this.#fieldName(nameIndex)
    if (!optional) return select(offset, operand, field)
    return call(offset, '_?._', [operand, literal(this.#token(nameIndex).offset, field)])
  }

  #index(operandNode: ASTNode, indexNode: ASTNode, optional: boolean): Expression {
    const operand = this.convert(operandNode)
    const { offset } = this.#token(this.#operatorAfter(operandNode))
    return call(offset, optional ? '_[?_]' : '_[_]', [operand, this.convert(indexNode)])
  }

  #globalCall(nameIndex: number, argNodes: readonly ASTNode[]): Expression {
    const token = this.#token(nameIndex)
    const open = nameIndex + 1
    if (token.kind !== 'identifier') throw new SyntaxFailure(open, 'end')
    if (this.#grammar.messageBraces.has(open)) return this.#message(open, this.#name(nameIndex), argNodes[0]!)
    const name = this.#name(nameIndex)
    return this.#callOrMacro(this.#token(open).offset, name, argNodes, undefined)
  }

  #memberCall(nameIndex: number, targetNode: ASTNode, argNodes: readonly ASTNode[]): Expression {
    const token = this.#token(nameIndex)
    const open = nameIndex + 1
    if (token.kind !== 'identifier') throw new SyntaxFailure(nameIndex, 'name')
    if (this.#grammar.messageBraces.has(open)) {
      return this.#message(open, `${this.#qualifiedName(targetNode)}.${token.text}`, argNodes[0]!)
    }
    const target = this.convert(targetNode)
    return this.#callOrMacro(this.#token(open).offset, token.text, argNodes, target)
  }

  #qualifiedName(node: ASTNode): string {
    if (node.op === 'id') return this.#name(tokenIndexOfName(node.args))
    if (node.op !== '.') throw new SyntaxFailure(this.#operatorAfter(node), 'end')
    return `${this.#qualifiedName(node.args[0])}.${this.#token(tokenIndexOfName(node.args[1])).text}`
  }

  #callOrMacro(
    offset: number,
    name: string,
    argNodes: readonly ASTNode[],
    target: Expression | undefined,
  ): Expression {
    const args = argNodes.map((node) => this.convert(node))
    const macro = this.#findMacro(name, target !== undefined, args.length)
    if (!macro) return call(offset, name, args, target)
    try {
      const copy = (expression: Expression) => this.#copy(expression, offset)
      return macro.expand({ offset, target, args, copy }) ?? call(offset, name, args, target)
    } catch (error) {
      if (!(error instanceof MacroError)) throw error
      return this.#fail(error.offset, error.message)
    }
  }

  #copy(expression: Expression, offset: number): Expression {
    const copy = copyExpression(expression, () => this.#nodes++)
    if (this.#nodes <= MOST_NODES) return copy
    const message = `expression is too large: its macros expand to more than ${MOST_NODES} nodes`
    throw new CelCompileError(this.#source, [{ offset, message }])
  }

  /** The mark `?` before an entry, whose expression may begin with brackets. */
  #isOptional(entry: ASTNode): boolean {
    let index = tokenIndexAt(entry.start) - 1
    while (this.#token(index).text === '(' && !this.#grammar.optionalMarks.has(index)) index--
    return this.#grammar.optionalMarks.has(index)
  }

  #list(open: number, nodes: readonly ASTNode[]): Expression {
    const optional = new Set<number>()
    const elements = nodes.map((node, index) => {
      if (this.#isOptional(node)) optional.add(index)
      return this.convert(node)
    })
    return list(this.#token(open).offset, elements, optional)
  }

  #map(open: number, entries: readonly (readonly [ASTNode, ASTNode])[]): Expression {
    return map(
      this.#token(open).offset,
      entries.map(([key, value]) => ({
        offset: this.#token(this.#operatorAfter(key)).offset,
        key: this.convert(key),
        value: this.convert(value),
        optional: this.#isOptional(key),
      })),
    )
  }

  #message(open: number, typeName: string, fields: ASTNode): Expression {
    if (fields.op !== 'map') throw new SyntaxFailure(open, 'end')
    return struct(
      this.#token(open).offset,
      typeName,
      fields.args.map(([key, value]) => {
        const nameIndex = tokenIndexAt(key.start)
        if (key.op !== 'id') throw new SyntaxFailure(nameIndex, 'field')
        return {
          offset: this.#token(nameIndex + 1).offset,
          name: this.#fieldName(nameIndex, 'field'),
          value: this.convert(value),
          optional: this.#isOptional(key),
        }
      }),
    )
  }

  /** The condition of the grammar takes no conditional between `?` and `:` unless in brackets. */
  #conditional(nodes: readonly [ASTNode, ASTNode, ASTNode]): Expression {
    const [condition, truthy] = nodes
    const operator = this.#operatorAfter(condition)
    if (truthy.op === '?:') {
      const inner = this.#operatorAfter(truthy.args[0])
      const { depths } = this.#grammar
      if (depths[inner] === depths[operator]) throw new SyntaxFailure(inner, ':')
    }
    return call(
      this.#token(operator).offset,
      '_?_:_',
      nodes.map((node) => this.convert(node)),
    )
  }

  #logical(op: '||' | '&&', node: ASTNode): Expression {
    const terms: ASTNode[] = []
    let left = node
    while (left.op === op) {
      terms.push(left.args[1])
      left = left.args[0]
    }
    terms.reverse()
    const { offset } = this.#token(this.#operatorAfter(left))
    return call(
      offset,
      op === '||' ? '_||_' : '_&&_',
      [left, ...terms].map((term) => this.convert(term)),
    )
  }

  /** An even number of signs is none, and `-5` is a literal. */
  #unary(op: '!_' | '-_', node: ASTNode & { op: '!_' | '-_' }): Expression {
    const first = tokenIndexAt(node.start)
    const operand = node.args
    const count = this.#grammar.signs.get(first) ?? 1
    const last = first + count - 1
    const adjacent = tokenIndexAt(operand.start) === last + 1
    if (adjacent && (operand.op === '!_' || operand.op === '-_')) {
      throw new SyntaxFailure(last + 1, 'operand')
    }
    const { offset } = this.#token(first)
    if (op === '-_' && count === 1 && adjacent && operand.op === 'id') {
      const number = this.#negativeLiteral(offset, this.#token(last + 1))
      if (number) return number
    }
    const expression = this.convert(operand)
    return count % 2 === 0 ? expression : call(offset, op, [expression])
  }

  #negativeLiteral(offset: number, { kind, text }: Token): Expression | undefined {
    try {
      if (kind === 'int') return literal(offset, parseInteger(text, true))
      return kind === 'double' ? literal(offset, -parseDouble(text)) : undefined
    } catch (error) {
      if (!(error instanceof InvalidLiteralError)) throw error
      return this.#fail(offset, error.message)
    }
  }

  #binary([left, right]: readonly [ASTNode, ASTNode]): Expression {
    const operator = this.#token(this.#operatorAfter(left))
    const name = binaryOperators[operator.text]
    if (!name) throw new SyntaxFailure(this.#operatorAfter(left), 'end')
    return call(operator.offset, name, [this.convert(left), this.convert(right)])
  }
}
