import { expect, test } from 'vitest'
import { resolveListenAddress } from './listen-address.ts'
import { describeListenFailure } from './listen-failure.ts'

const resolve = (host: string, loopbackOnly = false) => resolveListenAddress(host, { loopbackOnly })

test.each([
  ['127.0.0.1', '127.0.0.1', '127.0.0.1'],
  ['192.0.2.1', '192.0.2.1', '192.0.2.1'],
  ['::1', '::1', '[::1]'],
  ['[::1]', '::1', '[::1]'],
  ['0.0.0.0', '0.0.0.0', '127.0.0.1'],
  ['::', '::', '[::1]'],
])('who listens on %s is reached there, under a host of URLs', async (host, address, urlHost) => {
  expect(await resolve(host)).toMatchObject({ address, urlHost })
})

test('a name is looked up once, and stays in URLs', async () => {
  const { address, urlHost } = await resolve('localhost', true)
  expect(['127.0.0.1', '::1']).toContain(address)
  expect(urlHost).toBe('localhost')
})

test('no name at all is refused', async () => {
  await expect(resolve('')).rejects.toThrow('--host must not be empty')
})

test.each([
  [
    'EACCES',
    443,
    'cannot listen on [::1]:443: ports below 1024 are for privileged users; choose another one with --port',
  ],
  ['EACCES', 6443, 'cannot listen on [::1]:6443: the system does not permit it'],
  ['EAFNOSUPPORT', 1, 'this machine does not have addresses of that kind; choose another one with --host'],
])('%s on port %d says what to do', async (code, port, message) => {
  const failure = describeListenFailure(Object.assign(new Error('x'), { code }), await resolve('::1'), port)
  expect((failure as Error).message).toContain(message)
})

test('what is no failure to listen stays as it is', async () => {
  const error = new Error('something else')
  expect(describeListenFailure(error, await resolve('::1'), 1)).toBe(error)
})
