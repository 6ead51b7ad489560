import { defineKind } from '@k1s/core'
import { expect, test } from 'vitest'
import { defineConfig } from './define-config.ts'

const Item = defineKind({ group: 'a.dev', version: 'v1', kind: 'Item', plural: 'items', namespaced: true })
const controllers = () => {}
const define = (options: object) => () => defineConfig({ controllers, ...options })

test.each([
  [{ kind: [Item] }, 'unknown field "kind", expected one of kinds, controllers, manager, afterWrite'],
  [
    { afterWrite: { command: ['apply'] } },
    'unknown field "afterWrite.command", expected one of commands, resources, controllers, deadline',
  ],
  [{ kinds: Item }, 'kinds must be an array of what defineKind() returns'],
  [{ kinds: [Item, undefined] }, 'kinds must be an array of what defineKind() returns'],
  [{ manager: [] }, 'manager must be an object'],
  [{ afterWrite: true }, 'afterWrite must be an object'],
])('%j is a mistake', (options, message) => {
  expect(define(options)).toThrow(new TypeError(`defineConfig: ${message}`))
})

test('what there is is none', () => {
  const afterWrite = { commands: ['apply'], resources: ['items.a.dev'], controllers: 'all', deadline: '1s' }
  expect(define({ kinds: [Item], manager: {}, afterWrite })).not.toThrow()
  expect(define({})).not.toThrow()
})
