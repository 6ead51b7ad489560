import { isResourceExpired, type KubernetesList, type KubernetesObject } from '@k1s/apimachinery'
import type { ListOptions } from '../client.ts'

/** Objects of a page: `pager.defaultPageSize` of `client-go`. */
const pageSize = 500

export interface PagedList<T extends KubernetesObject> {
  readonly items: T[]
  readonly resourceVersion: string
  /** The server has divided it. */
  readonly isPaged: boolean
}

/**
 * A whole list, asked for in pages. If it takes so long that its version is forgotten, it is asked for again at once:
 * `pager.ListPager`.
 */
export async function listPages<T extends KubernetesObject>(
  list: (options: ListOptions) => Promise<KubernetesList<T>>,
  options: ListOptions,
): Promise<PagedList<T>> {
  const firstPage = await list({ ...options, limit: pageSize })
  const { resourceVersion = '' } = firstPage.metadata
  const { items } = firstPage
  const { resourceVersion: _, ...later } = options
  for (let token = firstPage.metadata.continue; token; ) {
    let page: KubernetesList<T>
    try {
      page = await list({ ...later, limit: pageSize, continue: token })
    } catch (error) {
      if (!isResourceExpired(error)) throw error
      return { ...(await listAtOnce(list, options)), isPaged: true }
    }
    for (const item of page.items) items.push(item)
    token = page.metadata.continue
  }
  return { items, resourceVersion, isPaged: Boolean(firstPage.metadata.continue) }
}

export async function listAtOnce<T extends KubernetesObject>(
  list: (options: ListOptions) => Promise<KubernetesList<T>>,
  options: ListOptions,
): Promise<PagedList<T>> {
  const { items, metadata } = await list(options)
  return { items, resourceVersion: metadata.resourceVersion ?? '', isPaged: false }
}
