import type { FilenameOptions } from '../flags/filename-flags.ts'
import type { Result } from './result.ts'

/**
 * Finds the objects that a command line names: `resource.Builder` of `k8s.io/cli-runtime`, with its methods,
 * meanings and error texts. Errors are collected and come out of {@link Result}; what needs the server or the disk
 * (unknown types, missing files) when it is visited.
 *
 * @example
 * const result = factory.newBuilder()
 *   .namespaceParam(namespace).defaultNamespace()
 *   .filenameParam(enforced, { filename: ['items.yaml'] })
 *   .resourceTypeOrNameArgs(false, args)
 *   .flatten().do()
 * for (const info of await result.infos()) …
 */
export interface Builder {
  /** The namespace for objects and arguments that name none. */
  namespaceParam(namespace: string): Builder
  /** Objects from files that name no namespace get that of namespaceParam. */
  defaultNamespace(): Builder
  /** Objects from files must be in the namespace of namespaceParam. */
  requireNamespace(): Builder
  allNamespaces(all: boolean | undefined): Builder
  /** Files, directories, patterns and `-`. URLs and kustomizations are refused with what to do instead. */
  filenameParam(enforceNamespace: boolean, options: FilenameOptions): Builder
  /** Objects from this text, as if it had been on standard input. `name` stands in errors. */
  stream(text: string, name: string): Builder
  /** `type`, `type,type`, `type name…`, `type/name…`. allowEmptySelector: types alone select everything. */
  resourceTypeOrNameArgs(allowEmptySelector: boolean, args: readonly string[]): Builder
  resourceTypes(types: readonly string[]): Builder
  resourceNames(type: string, names: readonly string[]): Builder
  labelSelectorParam(selector: string | undefined): Builder
  fieldSelectorParam(selector: string | undefined): Builder
  selectAllParam(all: boolean | undefined): Builder
  /** Lists in pages of this many objects; 0 asks for all at once. The pages are put together. */
  requestChunksOf(size: number): Builder
  subresource(name: string | undefined): Builder
  /**
   * Asks the server for Tables: `info.object` is one, unless the server has none. Rows have the metadata of their
   * objects, or with `includeObject` all of them.
   */
  asTable(table?: boolean, options?: { readonly includeObject?: boolean }): Builder
  /** Lists become their items. */
  flatten(): Builder
  /** Objects from files are replaced by what the server has. */
  latest(): Builder
  /** Whether named objects are read before they are visited (the default). */
  requireObject(require: boolean): Builder
  /**
   * What happens when an object in a file has a key twice: Strict refuses it, Warn (the default) prints a warning,
   * Ignore takes the last one.
   */
  fieldValidation(mode: 'Strict' | 'Warn' | 'Ignore'): Builder
  continueOnError(): Builder
  singleResourceType(): Builder
  /** Never asks the server: objects from files only, kinds unresolved. */
  local(local?: boolean): Builder
  do(): Result
}
