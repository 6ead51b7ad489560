import {
  addFinalizer,
  containsFinalizer,
  createOrUpdate,
  generationChanged,
  ignoreNotFound,
  type Manager,
  newControllerManagedBy,
  type ReconcileContext,
  type Reconciler,
  type Request,
  type Result,
  removeFinalizer,
  setControllerReference,
} from '@k1s/controller-runtime'
import { mergePatch, setStatusCondition } from 'k1s'
import { ConfigMap, Website } from './kinds.ts'

/** What is outside of the API, and has to be tidied up: the reason for a finalizer. */
export interface Publisher {
  isReachable(host: string): Promise<boolean>
  unpublish(host: string): Promise<void>
}

export const finalizer = 'web.example.com/published'

/** Keeps a page for each Website in a ConfigMap of its own, and looks every minute whether it can be reached. */
export class WebsiteReconciler implements Reconciler {
  readonly #manager: Manager
  readonly #publisher: Publisher

  constructor(manager: Manager, publisher: Publisher) {
    this.#manager = manager
    this.#publisher = publisher
  }

  async reconcile(request: Request, { log }: ReconcileContext): Promise<Result | undefined> {
    const { client } = this.#manager
    const website = await client.get(Website, request).catch(ignoreNotFound)
    if (website === undefined) return undefined
    if (website.metadata.deletionTimestamp !== undefined) return this.#finalize(website)
    if (addFinalizer(website, finalizer)) await client.update(website)

    const { metadata, spec } = website
    const page: ConfigMap = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { namespace: request.namespace, name: `${request.name}-page` },
    }
    const result = await createOrUpdate(client, ConfigMap, page, (configMap) => {
      configMap.data = { 'index.html': `<h1>${spec.host}</h1><p>${spec.text}</p>` }
      setControllerReference(website, configMap)
    })
    if (result !== 'unchanged') log.info('The page was written', { result })

    const isReachable = await this.#publisher.isReachable(spec.host)
    const conditions = website.status?.conditions ?? []
    const ready = {
      type: 'Ready',
      status: isReachable ? 'True' : 'False',
      reason: isReachable ? 'Reachable' : 'Unreachable',
      message: `${spec.host} ${isReachable ? 'answers' : 'does not answer'}`,
    } as const
    setStatusCondition(conditions, ready, this.#manager.clock)
    const status = { observedGeneration: metadata.generation ?? 0, conditions }
    await client.status.patch(website, mergePatch({ status }))
    return { requeueAfter: '1m' }
  }

  async #finalize(website: Website): Promise<undefined> {
    if (!containsFinalizer(website, finalizer)) return
    await this.#publisher.unpublish(website.spec.host)
    removeFinalizer(website, finalizer)
    await this.#manager.client.update(website)
  }
}

/** Adds the controller to a manager. */
export function addWebsiteController(manager: Manager, publisher: Publisher): void {
  newControllerManagedBy(manager)
    .for(Website, [generationChanged])
    .owns(ConfigMap)
    .complete(new WebsiteReconciler(manager, publisher))
}
