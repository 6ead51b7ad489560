import type { FilenameOptions } from '../flags/filename-flags.ts'
import { areTypeNamePairs, expandTypeList, parseTypeName, splitResourceArgument } from './arguments.ts'
import type { Builder } from './builder.ts'
import { type BuilderContext, emptyQuery, type Query } from './query.ts'
import { QueryResult } from './query-result.ts'
import type { Result } from './result.ts'

export function newBuilder(context: BuilderContext): Builder {
  return new ResourceBuilder(context)
}

class ResourceBuilder implements Builder {
  readonly #context: BuilderContext
  readonly #query: Query = emptyQuery()

  constructor(context: BuilderContext) {
    this.#context = context
  }

  namespaceParam(namespace: string): Builder {
    this.#query.namespace = namespace
    return this
  }

  defaultNamespace(): Builder {
    this.#query.defaultNamespace = true
    return this
  }

  requireNamespace(): Builder {
    this.#query.requireNamespace = true
    return this
  }

  allNamespaces(all: boolean | undefined): Builder {
    this.#query.allNamespaces = all ?? false
    if (all) this.#query.namespace = ''
    return this
  }

  filenameParam(enforceNamespace: boolean, options: FilenameOptions): Builder {
    const { filename = [], recursive = false, kustomize = '' } = options
    if (kustomize !== '') {
      return this.#fail(
        filename.length > 0
          ? 'only one of -f or -k can be specified'
          : `kustomizations are not supported by k1s: build it with another program and pass the result, for example "kustomize build ${kustomize} | k1s apply -f -"`,
      )
    }
    this.#query.recursive = recursive
    for (const path of filename) this.#addFilename(path)
    if (enforceNamespace) this.requireNamespace()
    return this
  }

  stream(text: string, name: string): Builder {
    this.#query.streams.push({ text, name })
    return this
  }

  resourceTypeOrNameArgs(allowEmptySelector: boolean, args: readonly string[]): Builder {
    return this.#collectErrors(() => {
      const expanded = expandTypeList(args)
      if (areTypeNamePairs(expanded)) {
        this.#query.tuples.push(...expanded.map((argument) => parseTypeName(argument)!))
        return
      }
      const [types, ...names] = expanded
      if (types === undefined) return
      this.#query.types.push(...splitResourceArgument(types))
      this.#query.expandCategories = true
      this.#query.names.push(...names)
      if (names.length === 0 && allowEmptySelector) this.#query.labelSelector ??= ''
    })
  }

  resourceTypes(types: readonly string[]): Builder {
    this.#query.types.push(...types)
    return this
  }

  resourceNames(type: string, names: readonly string[]): Builder {
    return this.#collectErrors(() => {
      for (const name of names) {
        const tuple = parseTypeName(name)
        if (tuple === undefined && type === '') {
          throw new Error(`the argument ${JSON.stringify(name)} must be RESOURCE/NAME`)
        }
        this.#query.tuples.push(tuple ?? { type, name })
      }
    })
  }

  labelSelectorParam(selector: string | undefined): Builder {
    const text = selector?.trim() ?? ''
    if (text === '') return this
    if (this.#query.selectAll) {
      return this.#fail(
        `found non-empty label selector ${JSON.stringify(selector)} with previously set 'all' parameter. `,
      )
    }
    this.#query.labelSelector = text
    return this
  }

  fieldSelectorParam(selector: string | undefined): Builder {
    const text = selector?.trim() ?? ''
    if (text === '') return this
    if (this.#query.selectAll) {
      return this.#fail(
        `found non-empty field selector ${JSON.stringify(selector)} with previously set 'all' parameter. `,
      )
    }
    this.#query.fieldSelector = text
    return this
  }

  selectAllParam(all: boolean | undefined): Builder {
    const { labelSelector, fieldSelector } = this.#query
    if (all && (labelSelector !== undefined || fieldSelector !== undefined)) {
      return this.#fail("setting 'all' parameter but found a non empty selector. ")
    }
    this.#query.selectAll = all ?? false
    return this
  }

  requestChunksOf(size: number): Builder {
    this.#query.limit = size
    return this
  }

  subresource(name: string | undefined): Builder {
    this.#query.subresource = name
    return this
  }

  asTable(table = true, { includeObject = false } = {}): Builder {
    this.#query.asTable = table
    this.#query.includeObject = includeObject
    return this
  }

  flatten(): Builder {
    this.#query.flatten = true
    return this
  }

  latest(): Builder {
    this.#query.latest = true
    return this
  }

  requireObject(require: boolean): Builder {
    this.#query.requireObject = require
    return this
  }

  fieldValidation(mode: 'Strict' | 'Warn' | 'Ignore'): Builder {
    this.#query.fieldValidation = mode
    return this
  }

  continueOnError(): Builder {
    this.#query.continueOnError = true
    return this
  }

  singleResourceType(): Builder {
    this.#query.singleResourceType = true
    return this
  }

  local(local = true): Builder {
    this.#query.local = local
    return this
  }

  do(): Result {
    return new QueryResult(this.#query, this.#context)
  }

  #addFilename(path: string): void {
    if (/^https?:\/\//.test(path)) {
      this.#fail(
        `cannot read ${path}: k1s does not load manifests from the network; fetch it yourself, for example "curl -fsSL ${path} | k1s apply -f -"`,
      )
      return
    }
    if (path === '-' && this.#query.filenames.includes('-')) {
      this.#fail('standard input cannot be used for multiple arguments')
      return
    }
    this.#query.filenames.push(path)
  }

  #collectErrors(step: () => void): Builder {
    try {
      step()
    } catch (error) {
      this.#query.errors.push(error as Error)
    }
    return this
  }

  #fail(message: string): Builder {
    this.#query.errors.push(new Error(message))
    return this
  }
}
