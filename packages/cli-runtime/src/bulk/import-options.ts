/**
 * What becomes of an object that is in the target already and is not what the import says. `fail` refuses the whole
 * import before anything is written, `skip` leaves the object alone, `update` replaces it, `apply` merges by server-side
 * apply. An object that is the same already never conflicts.
 */
export type ConflictPolicy = 'fail' | 'skip' | 'update' | 'apply'

/**
 * What becomes of a reference to an owner that is neither imported nor in the target. `fail` refuses the whole import
 * before anything is written, `drop` takes the reference away, `keep` leaves it as it is: garbage collection will delete
 * the object unless the target does not serve the owner's kind.
 */
export type MissingOwnerPolicy = 'fail' | 'drop' | 'keep'

export interface ImportOptions {
  /** Default: `fail`. */
  readonly onConflict?: ConflictPolicy
  /** Default: `fail`. */
  readonly missingOwners?: MissingOwnerPolicy
  /** `client` only reads and says what would be done, `server` has the target check what can be checked. Default: `none`. */
  readonly dryRun?: 'none' | 'client' | 'server'
  /** Whether `status` is restored where the target does not compute it. Default: true. */
  readonly status?: boolean
  /** Where namespaced objects go that name no namespace. Default: `default`. */
  readonly namespace?: string
  /** All namespaced objects have to be in `namespace`. */
  readonly enforceNamespace?: boolean
  /** New names of namespaces, by the old ones. */
  readonly namespaceMap?: ReadonlyMap<string, string>
  /** How many requests are under way at once. Default: 64. */
  readonly parallel?: number
  /** Default: `k1s-import`. */
  readonly fieldManager?: string
  readonly fieldValidation?: 'Ignore' | 'Warn' | 'Strict'
  /** With `apply`: take fields over that others own. */
  readonly forceConflicts?: boolean
  /** How long a definition may take to be served, in milliseconds. Default: 60000. */
  readonly establishTimeoutMs?: number
  /** Ends the import after the requests that are under way. What was done is returned. */
  readonly signal?: AbortSignal
  readonly onWarning?: (text: string) => void
  /** Called when it is known how many objects there are, before the first is written. */
  readonly onPlan?: (total: number) => void
  readonly onOutcome?: (outcome: ImportOutcome) => void
}

/**
 * `blocked`: not tried, since something that it needs failed. `unchecked`: a dry run could not tell, since something
 * that it needs would only come to be.
 */
export type OutcomeKind = 'created' | 'updated' | 'unchanged' | 'skipped' | 'failed' | 'blocked' | 'unchecked'

/** What became of one object. */
export interface ImportOutcome {
  readonly outcome: OutcomeKind
  readonly group: string
  readonly kind: string
  /** Empty for objects of the cluster. */
  readonly namespace: string
  readonly name: string
  /** Why it failed. */
  readonly error?: Error
}

export interface ImportResult {
  readonly total: number
  readonly counts: { readonly [outcome in OutcomeKind]: number }
  /** Of the objects that failed, in the order in which they did. */
  readonly errors: readonly Error[]
  /** True if the signal ended it, or the server could not be reached any more, before all was tried. */
  readonly interrupted: boolean
  /** Objects that were not tried since it was ended. */
  readonly remaining: number
}
