import { createAPIServer } from '@k1s/apiserver'
import { createRuntime } from '@k1s/core'
import { openStorage, type StorageInterface } from '@k1s/storage'
import { expect, onTestFinished, test } from 'vitest'
import { testServer } from './http-server.ts'

const server = testServer()

/** Without credentials. */
async function read(path: string, url = server.url): Promise<[number, string]> {
  const response = await fetch(`${url}${path}`)
  return [response.status, await response.text()]
}

test.each(['/healthz', '/livez', '/readyz'])('anybody may ask for %s', async (path) => {
  const response = await fetch(`${server.url}${path}`)
  expect([response.status, await response.text()]).toEqual([200, 'ok'])
  expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8')
  expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  expect((await fetch(`${server.url}${path}`, { method: 'HEAD' })).status).toBe(200)
})

test('verbose tells the result of each check', async () => {
  expect(await read('/livez?verbose')).toEqual([200, '[+]ping ok\n[+]storage ok\nlivez check passed\n'])
  expect(await read('/readyz?verbose=0')).toEqual([
    200,
    '[+]ping ok\n[+]storage ok\n[+]shutdown ok\nreadyz check passed\n',
  ])
})

test('checks may be left out, if there are such', async () => {
  expect(await read('/livez?verbose&exclude=storage&exclude=etcd&exclude=a%22')).toEqual([
    200,
    '[+]ping ok\n[+]storage excluded: ok\n' +
      'warn: some health checks cannot be excluded: no matches for "a\\"","etcd"\nlivez check passed\n',
  ])
})

test('single checks are for who is known', async () => {
  expect((await fetch(`${server.url}/livez/storage`)).status).toBe(401)
  expect(await (await server.send('GET', '/livez/storage')).text()).toBe('ok')
  expect((await server.send('GET', '/livez/nothing')).status).toBe(404)
  expect((await server.send('GET', '/livez/storage/more')).status).toBe(404)
  expect((await server.send('GET', '/livez/')).status).toBe(404)
})

async function serverOn(changes: Partial<StorageInterface>): Promise<{ url: string; errors: unknown[] }> {
  const storage = await openStorage({ type: 'memory' })
  const runtime = await createRuntime({ storage })
  const errors: unknown[] = []
  const other = await createAPIServer({
    transport: runtime.transport,
    storage: Object.assign(Object.create(storage), changes) as StorageInterface,
    port: 0,
    insecureHttp: true,
    authenticate: () => ({ name: 'admin' }),
    onError: (error) => errors.push(error),
  })
  onTestFinished(async () => {
    await other.close()
    await runtime.close()
  })
  return { url: other.url, errors }
}

test('a store that cannot be read fails its check, and why is not for everybody', async () => {
  const { url, errors } = await serverOn({ currentRevision: () => Promise.reject(new Error('disk on fire')) })
  const expected = '[+]ping ok\n[-]storage failed: reason withheld\nlivez check failed\n'
  expect(await read('/livez', url)).toEqual([500, expected])
  expect(await read('/livez?exclude=storage', url)).toEqual([200, 'ok'])
  expect(await read('/livez/storage', url)).toEqual([500, 'internal server error: disk on fire\n'])
  expect(errors.map(String)).toEqual(['Error: livez check failed: storage failed: disk on fire'])
})
