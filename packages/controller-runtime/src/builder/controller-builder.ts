import { checkFields, type FieldsOf, type KubernetesObject, type Unstructured } from '@k1s/apimachinery'
import type { Kind, ResourceKind } from '@k1s/core'
import { type ControllerOptions, controllerOptionFields } from '../controller/controller-options.ts'
import type { ManagedController } from '../controller/managed-controller.ts'
import { enqueueRequestForObject } from '../handler/enqueue-request-for-object.ts'
import { enqueueRequestForOwner } from '../handler/enqueue-request-for-owner.ts'
import type { EventHandler } from '../handler/event-handler.ts'
import type { Manager } from '../manager/manager.ts'
import type { Predicate } from '../predicate/predicate.ts'
import type { ReconcileFunction, Reconciler } from '../reconcile.ts'
import { kindSource } from '../source/kind-source.ts'
import type { RunningSource, Source } from '../source/source.ts'
import type { Trigger } from '../trigger/trigger.ts'
import { reconcilerOf } from './reconciler-of.ts'

/** How a kind is watched: `builder.WithPredicates`, `OnlyMetadata`. */
export interface WatchInput<T extends KubernetesObject = Unstructured> {
  /** Events have to pass all of them. */
  readonly predicates?: readonly Predicate<T>[]
  /** Keep and hand over metadata only: objects then are PartialObjectMetadata. */
  readonly onlyMetadata?: boolean
}

export interface OwnsInput<T extends KubernetesObject = Unstructured> extends WatchInput<T> {
  /** Reconcile every owner of the kind: `builder.MatchEveryOwner`. Default: only the one that is the controller. */
  readonly matchEveryOwner?: boolean
}

type Input<T extends KubernetesObject, I extends WatchInput<T>> = readonly Predicate<T>[] | I

/** Builds a controller: `builder.Builder`. Made by {@link newControllerManagedBy}. */
export class ControllerBuilder {
  readonly #manager: Manager
  #for: ResourceKind | undefined
  readonly #sources: ((
    owner: ResourceKind | undefined,
    filters: readonly Predicate<KubernetesObject>[],
  ) => Source)[] = []
  readonly #filters: Predicate<KubernetesObject>[] = []
  readonly #triggers: Trigger[] = []
  #options: ControllerOptions = {}
  #name: string | undefined

  constructor(manager: Manager) {
    this.#manager = manager
  }

  /** The kind that is reconciled: each event of an object asks for a reconcile of it. */
  for<T extends KubernetesObject>(kind: Kind<T>, input: Input<T, WatchInput<T>> = []): this {
    if (this.#for !== undefined) {
      throw new Error(
        'for(...) should only be called once, could not assign multiple objects for reconciliation',
      )
    }
    const watch = inputOf<T, WatchInput<T>>('for', input, watchFields)
    this.#for = kind
    return this.watches(kind, enqueueRequestForObject(), watch)
  }

  /** A kind that the reconciler creates: each event of an object asks for a reconcile of its owner. */
  owns<T extends KubernetesObject>(kind: Kind<T>, input: Input<T, OwnsInput<T>> = []): this {
    const { matchEveryOwner = false, ...watch } = inputOf<T, OwnsInput<T>>('owns', input, ownsFields)
    this.#sources.push((owner, filters) => {
      if (owner === undefined) throw new Error('owns() can only be used together with for()')
      const handler = enqueueRequestForOwner(owner, { onlyControllerOwner: !matchEveryOwner })
      return sourceOf(kind, handler, watch, filters)
    })
    return this
  }

  /** Any other kind, with a handler that says what to reconcile. */
  watches<T extends KubernetesObject>(
    kind: Kind<T>,
    handler: EventHandler<T>,
    input: Input<T, WatchInput<T>> = [],
  ): this {
    const watch = inputOf<T, WatchInput<T>>('watches', input, watchFields)
    this.#sources.push((_, filters) => sourceOf(kind, handler, watch, filters))
    return this
  }

  /** Like `watches`, with metadata only. */
  watchesMetadata(kind: ResourceKind, handler: EventHandler, input: readonly Predicate[] = []): this {
    return this.watches<Unstructured>(kind, handler, { predicates: input, onlyMetadata: true })
  }

  /** Events of something that is no kind; they come in while the manager is running, and not in a triggered run. */
  watchesRawSource(source: RunningSource): this {
    this.#sources.push(() => source)
    return this
  }

  /** Events of all kinds have to pass it. */
  withEventFilter(predicate: Predicate): this {
    this.#filters.push(predicate)
    return this
  }

  /** Replaces options that were given before. Throws a TypeError for one that there is not. */
  withOptions(options: ControllerOptions): this {
    checkFields('withOptions', options, controllerOptionFields)
    this.#options = options
    return this
  }

  /** What makes it run. Default: events. */
  withTrigger(...triggers: Trigger[]): this {
    this.#triggers.push(...triggers)
    return this
  }

  /** Default: the kind that is reconciled, in lower case. */
  named(name: string): this {
    this.#name = name
    return this
  }

  /** Adds the controller to its manager. Throws an Error if something is missing or contradicts itself. */
  complete(reconciler: Reconciler | ReconcileFunction): void {
    this.build(reconciler)
  }

  /** Like `complete`, for whoever wants to see the controller. */
  build(given: Reconciler | ReconcileFunction): ManagedController {
    const reconciler = reconcilerOf(given)
    if (this.#sources.length === 0) {
      throw new Error(
        'there are no watches configured, controller will never get triggered. Use for(), owns(), watches() or watchesRawSource() to set them up',
      )
    }
    const name = this.#name ?? this.#for?.kind.toLowerCase()
    if (name === undefined) throw new Error('one of for() or named() must be called')
    return this.#manager.addController({
      name,
      kind: this.#for,
      reconciler,
      sources: this.#sources.map((source) => source(this.#for, this.#filters)),
      triggers: this.#triggers.length === 0 ? [{ type: 'event' }] : this.#triggers,
      options: this.#options,
    })
  }
}

/** `builder.ControllerManagedBy`. */
export function newControllerManagedBy(manager: Manager): ControllerBuilder {
  return new ControllerBuilder(manager)
}

const watchFields: FieldsOf<WatchInput> = { predicates: true, onlyMetadata: true }
const ownsFields: FieldsOf<OwnsInput> = { ...watchFields, matchEveryOwner: true }

function inputOf<T extends KubernetesObject, I extends WatchInput<T>>(
  place: string,
  input: Input<T, I>,
  known: FieldsOf<I>,
): I {
  const given = (Array.isArray(input) ? { predicates: input } : input) as I
  checkFields(place, given, known)
  return given
}

function sourceOf<T extends KubernetesObject>(
  kind: Kind<T>,
  handler: EventHandler<T>,
  { predicates = [], onlyMetadata = false }: WatchInput<T>,
  filters: readonly Predicate<KubernetesObject>[],
): Source {
  return kindSource(kind, handler, {
    predicates: [...filters, ...predicates],
    onlyMetadata,
  })
}
