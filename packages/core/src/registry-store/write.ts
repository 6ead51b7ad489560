import { newMethodNotSupported } from '@k1s/apimachinery'
import { inTurn } from '../lifecycle/in-turn.ts'
import { finishPendingTasks } from '../lifecycle/tasks.ts'
import type { ApiResponse } from '../request.ts'
import { create } from './create.ts'
import { deleteCollection, deleteOne } from './delete.ts'
import { patch } from './patch.ts'
import type { ResourceRequest, StoreContext } from './resource-request.ts'
import { update } from './update.ts'

/**
 * Answers the writing verbs, and finishes what a process that ended in the middle left behind: before the first, but
 * after a deletion, which may be the very one that was interrupted and would find nothing.
 */
export async function write(context: StoreContext, resourceRequest: ResourceRequest): Promise<ApiResponse> {
  const { tenant, verb } = resourceRequest.request
  if (verb === 'delete') {
    const answered = await answer(context, resourceRequest)
    await finishPendingTasks(context, tenant)
    return answered
  }
  const pending = finishPendingTasks(context, tenant)
  return pending === undefined
    ? answerInTurn(context, resourceRequest)
    : pending.then(() => answerInTurn(context, resourceRequest))
}

/** Definitions compete for names. Those of one process wait for each other, in place of starting over again and again. */
function answerInTurn(context: StoreContext, resourceRequest: ResourceRequest): Promise<ApiResponse> {
  const { tenant, group, resource } = resourceRequest.request
  if (resource !== 'customresourcedefinitions' || group !== 'apiextensions.k8s.io') {
    return answer(context, resourceRequest)
  }
  return inTurn(context.storage, `definitions ${tenant}`, () => answer(context, resourceRequest))
}

function answer(context: StoreContext, resourceRequest: ResourceRequest): Promise<ApiResponse> {
  const { verb, group, resource } = resourceRequest.request
  switch (verb) {
    case 'create':
      return create(context, resourceRequest)
    case 'update':
      return update(context, resourceRequest)
    case 'patch':
      return patch(context, resourceRequest)
    case 'delete':
      return deleteOne(context, resourceRequest)
    case 'deletecollection':
      return deleteCollection(context, resourceRequest)
    default:
      throw newMethodNotSupported({ group, resource }, verb)
  }
}
