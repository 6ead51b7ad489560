import type { Unstructured } from '@k1s/apimachinery'
import type { Kind } from '@k1s/core'
import { describe, expect, test } from 'vitest'
import { failure, onEachStore } from './each-store.ts'

interface Lease extends Unstructured {
  spec?: { [field: string]: unknown }
}

const Leases: Kind<Lease> = {
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  namespaced: true,
}

const lease = (name: string, spec: Lease['spec'] = {}): Lease => ({
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: { name, namespace: 'default' },
  spec,
})

onEachStore((opened) => {
  describe('a Lease', () => {
    test('keeps the microseconds of its times', async () => {
      const spec = {
        holderIdentity: 'one',
        leaseDurationSeconds: 15,
        acquireTime: '2026-01-02T03:04:05.000000Z',
        renewTime: '2026-01-02T03:04:05.123456Z',
        leaseTransitions: 0,
      }
      await opened.client.create(lease('leader', spec))
      expect((await opened.client.get(Leases, { name: 'leader' })).spec).toEqual(spec)
    })

    test('is created by an update', async () => {
      const created = await opened.client.update(lease('leader', { holderIdentity: 'one' }))
      expect(created.metadata.uid).toEqual(expect.any(String))
      const renewed = await opened.client.update({ ...created, spec: { holderIdentity: 'two' } })
      expect(renewed.spec).toEqual({ holderIdentity: 'two' })
      expect(renewed.metadata.uid).toBe(created.metadata.uid)
    })

    test('that is gone is created again by an update, whatever its resourceVersion, and not in place of the one that is meant', async () => {
      const seen = await opened.client.create(lease('leader', { holderIdentity: 'one' }))
      await opened.client.delete(Leases, { name: 'leader' })
      const { message, code } = await failure(opened.client.update(seen))
      expect(code).toBe(409)
      expect(message).toBe(
        `Operation cannot be fulfilled on leases.coordination.k8s.io "leader": Precondition failed: UID in precondition: ${seen.metadata.uid}, UID in object meta: `,
      )
      const created = await opened.client.update({ ...seen, metadata: { ...seen.metadata, uid: '' } })
      expect(created.spec).toEqual({ holderIdentity: 'one' })
      expect(created.metadata.uid).toMatch(/./)
      expect(created.metadata.uid).not.toBe(seen.metadata.uid)
      expect(created.metadata.resourceVersion).not.toBe(seen.metadata.resourceVersion)
    })

    test('is created by one of several updates; the others are such of what that one created', async () => {
      const updates = ['one', 'two', 'three'].map((holderIdentity) =>
        opened.client.update(lease('leader', { holderIdentity })),
      )
      const results = await Promise.allSettled(updates)
      const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
      expect(failures).toHaveLength(2)
      for (const { message } of failures) {
        expect(message).toContain(
          'metadata.resourceVersion: Invalid value: 0: must be specified for an update',
        )
      }
    })

    test('is taken over by one of those who saw the same holder', async () => {
      const seen = await opened.client.create(lease('leader', { holderIdentity: 'one' }))
      const attempts = ['two', 'three', 'four'].map((holderIdentity) =>
        opened.client.update({ ...seen, spec: { holderIdentity } }),
      )
      const results = await Promise.allSettled(attempts)
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    })

    test('is not updated without a resourceVersion', async () => {
      await opened.client.create(lease('leader'))
      expect((await failure(opened.client.update(lease('leader')))).message).toMatch(
        /^leases.coordination.k8s.io "leader" is invalid: metadata.resourceVersion: Invalid value: /,
      )
    })

    test.each([
      [{ leaseDurationSeconds: 0 }, 'spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0'],
      [
        { leaseTransitions: -1 },
        'spec.leaseTransitions: Invalid value: -1: must be greater than or equal to 0',
      ],
      [
        { strategy: 'Mine' },
        'spec.strategy.strategy: Unsupported value: "Mine": supported values: "OldestEmulationVersion"',
      ],
      [
        { strategy: 'example.com/-' },
        /^spec.strategy.strategy: Invalid value: "example.com\/-": name part must consist of /,
      ],
      [
        { preferredHolder: 'two' },
        'spec.preferredHolder: Forbidden: may only be specified if `strategy` is defined',
      ],
    ])('with the specification %j is invalid', async (spec, why) => {
      const { message } = await failure(opened.client.create(lease('leader', spec)))
      const prefix = 'Lease.coordination.k8s.io "leader" is invalid: '
      expect(message?.slice(0, prefix.length)).toBe(prefix)
      expect(message?.slice(prefix.length)).toMatch(why)
    })

    test('is shown with its holder', async () => {
      await opened.client.create(lease('leader', { holderIdentity: 'one' }))
      const { columnDefinitions, rows } = await opened.client.table(Leases)
      expect(columnDefinitions.map(({ name }) => name)).toEqual(['Name', 'Holder', 'Age'])
      expect(rows[0]?.cells.slice(0, 2)).toEqual(['leader', 'one'])
    })
  })
})
