import { hostname } from 'node:os'
import { expect, test } from 'vitest'
import { isLoopbackAddress, isUnspecifiedAddress } from './addresses.ts'
import { servingNames } from './serving-names.ts'

test('a certificate is for the usual names, the host and further names, each once', () => {
  expect(servingNames('192.0.2.1', ['API.example.com', '*.example.com', 'localhost', 'fd00::1'])).toEqual([
    'localhost',
    '127.0.0.1',
    '::1',
    'kubernetes',
    'kubernetes.default',
    'kubernetes.default.svc',
    'kubernetes.default.svc.cluster.local',
    '192.0.2.1',
    'api.example.com',
    '*.example.com',
    'fd00::1',
  ])
})

test.each(['0.0.0.0', '::'])(
  'a server on %s is known by the name of its machine, not by that address',
  (host) => {
    const names = servingNames(host)
    expect(names).toContain(hostname().toLowerCase())
    expect(names).not.toContain(host)
  },
)

test.each(['a b', '', 'https://x', 'x:80', 'a..b', '-a', 'a_b', 'a.*', `${'a'.repeat(64)}.com`])(
  '%j is no name for a certificate',
  (name) => {
    expect(() => servingNames('127.0.0.1', [name])).toThrow(
      `${JSON.stringify(name)} cannot stand in a certificate`,
    )
  },
)

test('loopback addresses are 127.0.0.0/8 and ::1', () => {
  const loopback = ['127.0.0.1', '127.1.2.3', '::1', '0:0:0:0:0:0:0:1', '0000::0001']
  const others = [
    '0.0.0.0',
    '128.0.0.1',
    '10.127.0.0',
    '::',
    '::2',
    '1::1',
    'fe80::1',
    '::1:1',
    'localhost',
    '',
  ]
  expect(loopback.filter(isLoopbackAddress)).toEqual(loopback)
  expect(others.filter(isLoopbackAddress)).toEqual([])
})

test('unspecified addresses are 0.0.0.0 and ::', () => {
  expect(['0.0.0.0', '::', '0:0:0:0:0:0:0:0', '::0'].every(isUnspecifiedAddress)).toBe(true)
  expect(['127.0.0.1', '::1', '0.0.0.1', 'localhost', ''].some(isUnspecifiedAddress)).toBe(false)
})
