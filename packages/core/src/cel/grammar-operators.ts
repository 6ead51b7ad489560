import type { ASTNode } from '@marcbachmann/cel-js'

/** Operators by what is written, as cel-go names their functions. */
export const binaryOperators: Readonly<Record<string, string>> = {
  '==': '_==_',
  '!=': '_!=_',
  '<': '_<_',
  '<=': '_<=_',
  '>': '_>_',
  '>=': '_>=_',
  in: '@in',
  '+': '_+_',
  '-': '_-_',
  '*': '_*_',
  '/': '_/_',
  '%': '_%_',
}

/** The rule of cel-go's grammar that an operator belongs to; how deep each may nest is limited. */
export function grammarRule(op: ASTNode['op']): 'calculation' | 'relation' | 'member' | 'other' {
  switch (op) {
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return 'calculation'
    case '<':
      return 'relation'
    case '.':
    case '.?':
    case '[]':
    case '[?]':
    case 'rcall':
      return 'member'
    default:
      return 'other'
  }
}
