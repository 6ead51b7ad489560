import type { IncomingMessage } from 'node:http'
import { isBadRequest, isForbidden } from '@k1s/apimachinery'
import type { UserInfo } from '@k1s/core'
import { expect, test } from 'vitest'
import type { Exchange } from '../exchange.ts'
import { withImpersonation } from './with-impersonation.ts'

const admin: UserInfo = { name: 'admin', groups: ['system:masters'] }

async function userSeen(headers: { [name: string]: string[] }, user = admin): Promise<UserInfo | undefined> {
  const request = { headers, headersDistinct: headers } as unknown as IncomingMessage
  const exchange = { request, user } as Exchange
  let seen: UserInfo | undefined
  await withImpersonation(async (passed) => {
    seen = passed.user
  })(exchange)
  return seen
}

test('an administrator may act as anybody', async () => {
  expect(await userSeen({})).toBe(admin)
  expect(await userSeen({ 'impersonate-user': ['bob'] })).toEqual({
    name: 'bob',
    groups: ['system:authenticated'],
  })
  const headers = {
    'impersonate-user': ['bob'],
    'impersonate-group': ['a', 'b'],
    'impersonate-uid': ['7'],
    'impersonate-extra-acme.com%2fscope': ['x', 'y'],
  }
  expect(await userSeen(headers)).toEqual({
    name: 'bob',
    uid: '7',
    groups: ['a', 'b', 'system:authenticated'],
    extra: { 'acme.com/scope': ['x', 'y'] },
  })
})

test('a service account has the groups that its name says, and the anonymous user its own', async () => {
  expect(await userSeen({ 'impersonate-user': ['system:serviceaccount:ns:robot'] })).toMatchObject({
    groups: ['system:serviceaccounts', 'system:serviceaccounts:ns', 'system:authenticated'],
  })
  expect(await userSeen({ 'impersonate-user': ['system:anonymous'] })).toMatchObject({
    groups: ['system:unauthenticated'],
  })
})

test('nobody else may', async () => {
  const attempt = async () => userSeen({ 'impersonate-user': ['bob'] }, { name: 'eve', groups: ['a'] })
  await expect(attempt()).rejects.toSatisfy(isForbidden)
  await expect(attempt()).rejects.toThrow(
    'users "bob" is forbidden: User "eve" cannot impersonate resource "users" in API group "" at the cluster scope',
  )
})

test('groups without a user are a bad request', async () => {
  const attempt = async () => userSeen({ 'impersonate-group': ['a'] })
  await expect(attempt()).rejects.toSatisfy(isBadRequest)
})
