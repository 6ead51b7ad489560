import { newMethodNotSupported } from '@k1s/apimachinery'
import { finishPendingTasks } from '../lifecycle/tasks.ts'
import type { ApiResponse } from '../request.ts'
import { create } from './create.ts'
import { deleteCollection, deleteOne } from './delete.ts'
import { patch } from './patch.ts'
import type { ResourceRequest, StoreContext } from './resource-request.ts'
import { update } from './update.ts'

/** Answers the writing verbs; before the first, finishes what a process that ended in the middle left behind. */
export function write(context: StoreContext, resourceRequest: ResourceRequest): Promise<ApiResponse> {
  const pending = finishPendingTasks(context, resourceRequest.request.tenant)
  return pending === undefined
    ? answer(context, resourceRequest)
    : pending.then(() => answer(context, resourceRequest))
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
