import type { KubernetesObject, OwnerReference } from '@k1s/apimachinery'
import { describe, expect, test } from 'vitest'
import { AlreadyOwnedError } from './already-owned-error.ts'
import {
  hasControllerReference,
  hasOwnerReference,
  removeControllerReference,
  removeOwnerReference,
  setControllerReference,
  setOwnerReference,
} from './owner-references.ts'

const reference: OwnerReference = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'foo', uid: 'foo-uid' }
const controllerReference = { ...reference, controller: true, blockOwnerDeletion: true }

describe('setOwnerReference', () => {
  test('adds a reference to the owner', () => {
    const object = replicaSet()
    setOwnerReference(deployment(), object)
    expect(object.metadata.ownerReferences).toEqual([reference])
  })

  test('can block the deletion of the owner', () => {
    const object = replicaSet()
    setOwnerReference(deployment(), object, { blockOwnerDeletion: true })
    expect(object.metadata.ownerReferences).toEqual([{ ...reference, blockOwnerDeletion: true }])
  })

  test('replaces a reference to the same owner, in whatever version, and keeps others', () => {
    const other = { ...reference, name: 'other' }
    const object = replicaSet([{ ...controllerReference, apiVersion: 'apps/v1alpha1', uid: 'old' }, other])
    setOwnerReference(deployment(), object)
    expect(object.metadata.ownerReferences).toEqual([reference, other])
  })

  test('does not take a kind of another group for the same', () => {
    const other = { ...reference, apiVersion: 'extensions/v1' }
    const object = replicaSet([other])
    setOwnerReference(deployment(), object)
    expect(object.metadata.ownerReferences).toEqual([other, reference])
  })

  test('does not take a reference without a valid apiVersion for the same', () => {
    const other = { ...reference, apiVersion: 'apps/v1/v2' }
    const object = replicaSet([other])
    setOwnerReference(deployment(), object)
    expect(object.metadata.ownerReferences).toEqual([other, reference])
  })
})

describe('setControllerReference', () => {
  test('makes the owner the controller, whose deletion is blocked', () => {
    const object = replicaSet()
    setControllerReference(deployment(), object)
    expect(object.metadata.ownerReferences).toEqual([controllerReference])
  })

  test('need not block the deletion of the owner', () => {
    const object = replicaSet()
    setControllerReference(deployment(), object, { blockOwnerDeletion: false })
    expect(object.metadata.ownerReferences).toEqual([{ ...controllerReference, blockOwnerDeletion: false }])
  })

  test.each([
    ['that is no controller', reference],
    ['that is there', controllerReference],
    ['in another version', { ...controllerReference, apiVersion: 'apps/v1alpha1' }],
  ])('replaces a reference %s', (_, existing) => {
    const object = replicaSet([existing])
    setControllerReference(deployment(), object)
    expect(object.metadata.ownerReferences).toEqual([controllerReference])
  })

  test('refuses an object that has another controller, and leaves it as it is', () => {
    const other = { ...controllerReference, name: 'bar' }
    const object = replicaSet([other])
    const error = catchError(() => setControllerReference(deployment(), object))
    expect(error).toBeInstanceOf(AlreadyOwnedError)
    expect(error).toMatchObject({
      message: 'Object default/rs is already owned by another Deployment controller bar',
      object,
      owner: other,
    })
    expect(object.metadata.ownerReferences).toEqual([other])
  })
})

describe.each([
  ['setOwnerReference', setOwnerReference],
  ['setControllerReference', setControllerReference],
])('%s', (_, set) => {
  test('refuses an owner of another namespace', () => {
    const object = { ...replicaSet(), metadata: { name: 'rs', namespace: 'other' } }
    expect(() => set(deployment(), object)).toThrow(
      "cross-namespace owner references are disallowed, owner's namespace default, obj's namespace other",
    )
  })

  test('refuses a namespaced owner of a cluster-scoped object', () => {
    const object = { apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: 'pv' } }
    expect(() => set(deployment(), object)).toThrow(
      "cluster-scoped resource must not have a namespace-scoped owner, owner's namespace default",
    )
  })

  test('takes a cluster-scoped owner of a namespaced object', () => {
    const object = replicaSet()
    set({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'node', uid: 'u' } }, object)
    expect(object.metadata.ownerReferences).toMatchObject([{ apiVersion: 'v1', kind: 'Node', name: 'node' }])
  })

  test.each([
    { apiVersion: '', kind: 'Deployment' },
    { apiVersion: 'apps/v1', kind: '' },
  ])('refuses an owner that is %j', (type) => {
    expect(() => set({ ...deployment(), ...type }, replicaSet())).toThrow(
      'the owner foo has no apiVersion or no kind, and a reference to it needs both',
    )
  })
})

describe('removeOwnerReference', () => {
  test('removes the reference, in whatever version', () => {
    const other = { ...reference, name: 'other' }
    const object = replicaSet([other, { ...controllerReference, apiVersion: 'apps/v1beta1' }])
    removeOwnerReference(deployment(), object)
    expect(object.metadata.ownerReferences).toEqual([other])
  })

  test('removes the list with the last of them', () => {
    const object = replicaSet([reference])
    removeOwnerReference(deployment(), object)
    expect(object.metadata).not.toHaveProperty('ownerReferences')
  })

  test('refuses if there are none', () => {
    const message = 'ReplicaSet does not have any owner references'
    expect(() => removeOwnerReference(deployment(), replicaSet())).toThrow(message)
    expect(() => removeOwnerReference(deployment(), replicaSet([]))).toThrow(message)
  })

  test('refuses if there are only others', () => {
    const object = replicaSet([{ ...reference, name: 'other' }])
    expect(() => removeOwnerReference(deployment(), object)).toThrow(
      'ReplicaSet does not have an owner reference for Deployment',
    )
  })
})

describe('removeControllerReference', () => {
  test('removes the reference', () => {
    const object = replicaSet([controllerReference])
    removeControllerReference(deployment(), object)
    expect(object.metadata).not.toHaveProperty('ownerReferences')
  })

  test.each([
    ['ReplicaSet does not have a owner reference with controller equals true', [reference]],
    [
      'ReplicaSet does not have an controller reference for Deployment',
      [{ ...controllerReference, name: 'other' }],
    ],
    [
      'Deployment owner is not the controller reference for ReplicaSet',
      [reference, { ...controllerReference, name: 'other' }],
    ],
  ])('refuses: %s', (message, references) => {
    const object = replicaSet(references)
    expect(() => removeControllerReference(deployment(), object)).toThrow(message)
    expect(object.metadata.ownerReferences).toEqual(references)
  })
})

test('hasControllerReference tells whether there is a controller', () => {
  expect(hasControllerReference(replicaSet([reference, { ...controllerReference, name: 'b' }]))).toBe(true)
  expect(hasControllerReference(replicaSet([{ ...reference, controller: false }]))).toBe(false)
  expect(hasControllerReference(replicaSet())).toBe(false)
})

test('hasOwnerReference goes by group, kind and name', () => {
  expect(hasOwnerReference([{ ...reference, apiVersion: 'apps/v2', uid: 'other' }], deployment())).toBe(true)
  expect(hasOwnerReference([{ ...reference, apiVersion: 'v1' }], deployment())).toBe(false)
  expect(hasOwnerReference([{ ...reference, kind: 'ReplicaSet' }], deployment())).toBe(false)
  expect(hasOwnerReference([{ ...reference, name: 'bar' }], deployment())).toBe(false)
  expect(hasOwnerReference([], deployment())).toBe(false)
})

function deployment(): KubernetesObject {
  const metadata = { name: 'foo', namespace: 'default', uid: 'foo-uid' }
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata }
}

function replicaSet(ownerReferences?: OwnerReference[]): KubernetesObject {
  const metadata = { name: 'rs', namespace: 'default', ...(ownerReferences && { ownerReferences }) }
  return { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata }
}

function catchError(callback: () => void): unknown {
  try {
    callback()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}
