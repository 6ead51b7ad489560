import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { issueTransientCertificate } from '@k1s/apiserver'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { CliSandbox, type RunningCli } from './cli-process.ts'
import { HttpRequests, responseTo, textOf } from './http-requests.ts'

let cli: CliSandbox
let ready: string
const started: RunningCli[] = []
beforeEach(() => {
  cli = new CliSandbox()
  ready = join(cli.directory, 'ready')
})
afterEach(async () => {
  for (const server of started.splice(0)) {
    server.process.kill('SIGKILL')
    await server.result
  }
  cli.remove()
})

/** A server on a free port, when it answers. */
async function serve(...flags: string[]): Promise<RunningCli> {
  const server = cli.start(['serve', '--port=0', `--ready-file=${ready}`, ...flags])
  started.push(server)
  await server.printed(flags.includes('--insecure-http') ? 'curl ' : 'export KUBECONFIG=')
  await vi.waitUntil(() => existsSync(ready), { timeout: 10_000, interval: 10 })
  return server
}

const defaultKubeconfig = () => join(cli.dataDirectory, 'apiserver', 'kubeconfig')
const configMaps = '/api/v1/namespaces/default/configmaps'
const configMap = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } })

async function stop(server: RunningCli, signal: NodeJS.Signals = 'SIGTERM') {
  server.process.kill(signal)
  return await server.result
}

describe('a server', () => {
  test('says what it serves, where, and how to use it, and exits with 0 when it is stopped', async () => {
    const server = await serve('--tenants=acme,initech')
    const url = readFileSync(ready, 'utf8').trim()
    expect(url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
    const result = await stop(server)
    expect(result).toEqual({
      code: 0,
      signal: null,
      stdout: `Serving tenant default of the store at ${cli.dataDirectory} on ${url}
The kubeconfig is ${defaultKubeconfig()}, with the contexts k1s, k1s-acme, k1s-initech

export KUBECONFIG=${defaultKubeconfig()}
`,
      stderr:
        'Stopping after SIGTERM: requests under way have 10s to finish. A second signal ends them at once.\n',
    })
    expect(existsSync(ready)).toBe(false)
  })

  test.each(['SIGINT', 'SIGHUP'] as const)('is stopped by %s as well', async (signal) => {
    expect(await stop(await serve(), signal)).toMatchObject({ code: 0, signal: null })
  })

  test('keeps all that is secret to its owner, and the token out of what it prints', async () => {
    const server = await serve()
    const directory = join(cli.dataDirectory, 'apiserver')
    expect(statSync(directory).mode & 0o777).toBe(0o700)
    expect(readdirSync(directory).sort()).toEqual(['ca.pem', 'kubeconfig', 'serving.pem', 'token'])
    for (const file of readdirSync(directory)) {
      expect(statSync(join(directory, file)).mode & 0o777, file).toBe(0o600)
    }
    const { token } = new HttpRequests(defaultKubeconfig())
    await new HttpRequests(defaultKubeconfig()).send('GET', '/api/v1/namespaces', undefined, `${token}x`)
    const { stdout, stderr } = await stop(server)
    expect(stdout + stderr).not.toContain(token)
  })

  test('answers nobody without its token', async () => {
    await serve()
    const requests = new HttpRequests(defaultKubeconfig())
    for (const token of ['', 'wrong', requests.token.slice(1), `${requests.token}x`]) {
      expect(await requests.send('GET', '/api/v1/namespaces', undefined, token)).toMatchObject({
        code: 401,
        body: { kind: 'Status', status: 'Failure', reason: 'Unauthorized', code: 401 },
      })
    }
    expect(await requests.send('GET', '/api/v1/namespaces/default')).toMatchObject({ code: 200 })
  })

  test('is known by the same authority and token after a restart', async () => {
    await stop(await serve())
    const before = new HttpRequests(defaultKubeconfig())
    await serve(`--port=${new URL(before.server).port}`, '--tls-san-names=api.example.com')
    expect(await before.send('GET', '/api/v1/namespaces/default')).toMatchObject({ code: 200 })
  })

  test('serves each tenant below its path', async () => {
    await serve('--tenants=acme')
    const own = new HttpRequests(defaultKubeconfig())
    const acme = new HttpRequests(defaultKubeconfig(), 'k1s-acme')
    expect(
      await acme.send('POST', '/api/v1/namespaces', { ...configMap('shop'), kind: 'Namespace' }),
    ).toMatchObject({
      code: 201,
    })
    expect(await acme.send('GET', '/api/v1/namespaces/shop')).toMatchObject({ code: 200 })
    expect(await own.send('GET', '/api/v1/namespaces/shop')).toMatchObject({ code: 404 })
    expect(await cli.succeed(['--tenant=acme', 'get', 'namespace', 'shop', '-o', 'name'])).toBe(
      'namespace/shop\n',
    )
  })

  test('and k1s work on one store at the same time', async () => {
    await serve()
    const requests = new HttpRequests(defaultKubeconfig())
    const watch = requests.start('GET', `${configMaps}?watch=true&resourceVersion=1`)
    watch.end()
    const events = (await responseTo(watch)).setEncoding('utf8')
    let seen = ''
    events.on('data', (text: string) => {
      seen += text
    })
    await cli.succeed(['create', 'configmap', 'from-another-process'])
    await vi.waitUntil(() => seen.includes('\n'), { timeout: 10_000, interval: 5 })
    expect(JSON.parse(seen)).toMatchObject({
      type: 'ADDED',
      object: { metadata: { name: 'from-another-process' } },
    })
    await requests.send('POST', configMaps, configMap('over-http'))
    expect(await cli.succeed(['get', 'configmaps', '-o', 'name'])).toBe(
      'configmap/from-another-process\nconfigmap/over-http\n',
    )
  })

  test('goes on when nobody reads what it prints', async () => {
    const script = `k1s serve --port=0 --ready-file=${ready} 2>&1 | head -1; wait`
    const shell = cli.shell(`set -o pipefail; ${script}`)
    await vi.waitUntil(() => existsSync(ready), { timeout: 10_000, interval: 10 })
    const requests = new HttpRequests(defaultKubeconfig())
    expect(await requests.send('GET', '/api/v1/namespaces/default')).toMatchObject({ code: 200 })
    const writer = readFileSync(join(cli.dataDirectory, 'writer'), 'utf8')
    process.kill(Number.parseInt(/\d+/.exec(writer)![0], 10), 'SIGTERM')
    expect((await shell).code).toBe(0)
  })

  test('ends with an error when its store is taken away', async () => {
    const server = await serve()
    rmSync(cli.dataDirectory, { recursive: true })
    expect(await server.result).toMatchObject({
      code: 1,
      stderr: `error: the store at ${cli.dataDirectory} was removed while it was open\n`,
    })
    expect(existsSync(ready)).toBe(false)
  })

  test('of two that start at once on a new store, both are known by what either wrote', async () => {
    const other = join(cli.directory, 'other')
    const flags = ['serve', '--port=0', '--data-dir', cli.dataDirectory]
    for (const file of [ready, other]) {
      started.push(cli.start([...flags, `--ready-file=${file}`, `--write-kubeconfig=${file}.kubeconfig`]))
    }
    await vi.waitUntil(() => existsSync(ready) && existsSync(other), { timeout: 20_000, interval: 10 })
    const [first, second] = [ready, other].map((file) => new HttpRequests(`${file}.kubeconfig`))
    expect(first!.authority).toBe(second!.authority)
    expect(first!.token).toBe(second!.token)
    for (const requests of [first!, second!]) {
      expect(await requests.send('GET', '/api/v1/namespaces/default')).toMatchObject({ code: 200 })
    }
  })
})

describe('a store in memory', () => {
  test('leaves nothing behind', async () => {
    const temporary = join(cli.directory, 'tmp')
    mkdirSync(temporary)
    const server = cli.start(['serve', '--storage=memory', '--port=0', `--ready-file=${ready}`], {
      env: { TMPDIR: temporary },
    })
    started.push(server)
    await server.printed('export KUBECONFIG=')
    const [, file] = /export KUBECONFIG=(.*)/.exec(server.stdout)!
    expect(file!.startsWith(temporary)).toBe(true)
    expect(await new HttpRequests(file!).send('POST', configMaps, configMap('a'))).toMatchObject({
      code: 201,
    })
    expect(server.stdout).toContain('Serving tenant default of a store in memory on https://')
    expect(await stop(server)).toMatchObject({ code: 0 })
    expect(readdirSync(temporary)).toEqual([])
    expect(existsSync(cli.dataDirectory)).toBe(false)
  })

  test('is served over plain HTTP on loopback if that is asked for, to those who have the token', async () => {
    const kubeconfig = join(cli.directory, 'kubeconfig')
    const flags = ['--storage=memory', '--insecure-http', '--host=localhost', '--tenants=acme']
    const server = await serve(...flags, `--write-kubeconfig=${kubeconfig}`)
    expect(server.stdout).toContain(`The kubeconfig is ${kubeconfig}, with the contexts k1s, k1s-acme\n`)
    expect(server.stdout).not.toContain('export KUBECONFIG')
    const requests = new HttpRequests(kubeconfig)
    expect(requests.server).toMatch(/^http:\/\/localhost:\d+$/)
    expect(requests.authority).toBeUndefined()
    expect(await requests.send('GET', '/api/v1/namespaces/default')).toMatchObject({ code: 200 })
    expect(await requests.send('GET', '/api/v1/namespaces/default', undefined, '')).toMatchObject({
      code: 401,
    })
  })
})

describe('over plain HTTP', () => {
  test('a server says that kubectl cannot use it, leaves the kubeconfig for HTTPS alone, and prints what works', async () => {
    await stop(await serve())
    const before = readFileSync(defaultKubeconfig(), 'utf8')
    const server = await serve('--insecure-http')
    const url = readFileSync(ready, 'utf8').trim()
    const curl = `curl -H "Authorization: Bearer $(cat ${cli.dataDirectory}/apiserver/token)" ${url}/api/v1/namespaces`
    expect(server.stdout).toBe(`Serving tenant default of the store at ${cli.dataDirectory} on ${url}
kubectl, k1s and all clients in Go send no token over plain HTTP, and are answered with 401: they need HTTPS

${curl}
`)
    const { stdout, code } = await cli.shell(curl.replace('curl', 'curl -s'))
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'NamespaceList' })
    expect(readFileSync(defaultKubeconfig(), 'utf8')).toBe(before)
  })

  test('the token of a store in memory is in a file as long as it is served', async () => {
    const server = await serve('--storage=memory', '--insecure-http')
    const [, token] = /\$\(cat (.*?)\)/.exec(server.stdout)!
    expect(statSync(token!).mode & 0o777).toBe(0o600)
    await stop(server)
    expect(existsSync(token!)).toBe(false)
  })
})

describe('the kubeconfig beside the store', () => {
  test('is left to the server that has it, while that runs; a second one has a file of its own', async () => {
    const first = await serve('--tenants=acme')
    const before = readFileSync(defaultKubeconfig(), 'utf8')
    rmSync(ready)
    const second = await serve()
    const own = `${defaultKubeconfig()}-${new URL(readFileSync(ready, 'utf8').trim()).port}`
    expect(second.stdout).toContain(`The kubeconfig is ${own}
It is removed at the end. Another server of this store runs, and has ${defaultKubeconfig()}

export KUBECONFIG=${own}
`)
    expect(readFileSync(defaultKubeconfig(), 'utf8')).toBe(before)
    expect(await new HttpRequests(own).send('GET', '/api/v1/namespaces/default')).toMatchObject({ code: 200 })
    await stop(second)
    expect(existsSync(own)).toBe(false)
    const requests = new HttpRequests(defaultKubeconfig())
    expect(await requests.send('GET', '/api/v1/namespaces/default')).toMatchObject({ code: 200 })
    await stop(first)
  })

  test('is that of one of two that start at once, and the other one has its own', async () => {
    const other = join(cli.directory, 'other')
    const servers = [ready, other].map((file) => cli.start(['serve', '--port=0', `--ready-file=${file}`]))
    started.push(...servers)
    await vi.waitUntil(() => existsSync(ready) && existsSync(other), { timeout: 20_000, interval: 10 })
    const urls = [ready, other].map((file) => readFileSync(file, 'utf8').trim())
    const files = servers.map(({ stdout }) => /^export KUBECONFIG=(.*)$/m.exec(stdout)![1]!)
    expect(files).toContain(defaultKubeconfig())
    expect(files.map((file) => new HttpRequests(file).server)).toEqual(urls)
  })

  test.each(['SIGTERM', 'SIGKILL'] as const)(
    'is taken over from a server that %s has ended, with its contexts',
    async (signal) => {
      const first = await serve('--tenants=acme')
      const before = new HttpRequests(defaultKubeconfig(), 'k1s-acme').server
      await stop(first, signal)
      rmSync(ready, { force: true })
      const second = await serve()
      expect(second.stdout).toContain(
        `The kubeconfig is ${defaultKubeconfig()}, with the contexts k1s, k1s-acme\n`,
      )
      const acme = new HttpRequests(defaultKubeconfig(), 'k1s-acme')
      expect(acme.server).not.toBe(before)
      expect(await acme.send('GET', '/api/v1/namespaces')).toMatchObject({ code: 200 })
    },
  )

  test('is taken over if another store is served at the address by now', async () => {
    await stop(await serve())
    const { port } = new URL(new HttpRequests(defaultKubeconfig()).server)
    const other = join(cli.directory, 'other')
    await serve(`--data-dir=${other}`, `--port=${port}`)
    rmSync(ready)
    const { stdout } = await serve()
    expect(stdout).toContain(`export KUBECONFIG=${defaultKubeconfig()}\n`)
  })

  test('names the contexts of two stores apart, where a flag gives them names', async () => {
    const file = join(cli.directory, 'both')
    await serve(`--write-kubeconfig=${file}`)
    rmSync(ready)
    const flags = [`--data-dir=${join(cli.directory, 'lab')}`, '--context-name=lab', '--tenants=acme']
    const { stdout } = await serve(`--write-kubeconfig=${file}`, ...flags)
    expect(stdout).toContain(`The kubeconfig is ${file}, with the contexts lab, lab-acme
Its current-context is still k1s: choose ours with kubectl --context=lab
`)
    const get = ['get', 'ns', 'default', '-o', 'name', `--kubeconfig=${file}`]
    const [k1s, lab] = await Promise.all([cli.succeed(get), cli.succeed([...get, '--context=lab'])])
    expect([k1s, lab]).toEqual(['namespace/default\n', 'namespace/default\n'])
  })
})

describe('when it is stopped', () => {
  test('a request under way is finished, and nobody else is let in', async () => {
    const server = await serve()
    const requests = new HttpRequests(defaultKubeconfig())
    const body = JSON.stringify(configMap('slow'))
    const slow = requests.start('POST', configMaps)
    const answered = responseTo(slow)
    slow.write(body.slice(0, 20))
    await requests.send('GET', '/api')
    server.process.kill('SIGTERM')
    await vi.waitUntil(() => !existsSync(ready), { timeout: 10_000, interval: 5 })
    await vi.waitUntil(
      () =>
        requests.send('GET', '/api').then(
          () => false,
          (error) => error.code === 'ECONNREFUSED',
        ),
      { timeout: 10_000, interval: 5 },
    )
    slow.end(body.slice(20))
    expect((await answered).statusCode).toBe(201)
    await textOf(await answered)
    expect(await server.result).toMatchObject({ code: 0 })
    expect(await cli.succeed(['get', 'cm', 'slow', '-o', 'name'])).toBe('configmap/slow\n')
  })

  test('a request that takes longer than it may is cut off, which it says', async () => {
    const server = await serve('--shutdown-timeout=200ms')
    const requests = new HttpRequests(defaultKubeconfig())
    const endless = requests.start('POST', configMaps)
    const answered = responseTo(endless)
    endless.write('{')
    await requests.send('GET', '/api')
    const [{ code, stderr }] = await Promise.all([
      stop(server),
      expect(answered.then(textOf)).rejects.toThrow(),
    ])
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr:
        'Stopping after SIGTERM: requests under way have 0.2s to finish. A second signal ends them at once.\n1 request was cut off.\n',
    })
  })

  test('watches end as answers end', async () => {
    const server = await serve()
    const requests = new HttpRequests(defaultKubeconfig())
    await requests.send('POST', configMaps, configMap('a'))
    const watches = await Promise.all(
      Array.from({ length: 5 }, () => {
        const watch = requests.start('GET', `${configMaps}?watch=true`)
        watch.end()
        return responseTo(watch)
      }),
    )
    const texts = Promise.all(watches.map(textOf))
    await stop(server)
    for (const text of await texts) expect(JSON.parse(text)).toMatchObject({ type: 'ADDED' })
    expect(watches.every(({ complete }) => complete)).toBe(true)
  })

  test('it does not wait for a watch whose client does not read', async () => {
    const server = await serve('--storage=memory', `--write-kubeconfig=${join(cli.directory, 'kubeconfig')}`)
    const requests = new HttpRequests(join(cli.directory, 'kubeconfig'))
    for (let n = 0; n < 12; n++) {
      await requests.send('POST', configMaps, {
        ...configMap(`large-${n}`),
        data: { a: 'x'.repeat(1_000_000) },
      })
    }
    const watch = requests.start('GET', `${configMaps}?watch=true`)
    watch.end()
    const response = await responseTo(watch)
    response.on('error', () => undefined).pause()
    await requests.send('GET', '/api')
    expect((await stop(server)).stderr).not.toContain('cut off')
    watch.destroy()
  })

  test('in the midst of writes nothing is lost that was acknowledged', async () => {
    const server = await serve()
    const requests = new HttpRequests(defaultKubeconfig())
    const acknowledged: string[] = []
    const failures: unknown[] = []
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let n = 0; ; n++) {
        const name = `w${writer}-${n}`
        try {
          const { code } = await requests.send('POST', configMaps, configMap(name))
          if (code === 201) acknowledged.push(`configmap/${name}`)
          else failures.push(code)
        } catch (error) {
          return (error as NodeJS.ErrnoException).code
        }
      }
    })
    await vi.waitUntil(() => acknowledged.length > 50, { timeout: 20_000, interval: 5 })
    expect(await stop(server)).toMatchObject({ code: 0 })
    await Promise.all(writers)
    expect(failures).toEqual([])
    const stored = (await cli.succeed(['get', 'configmaps', '-o', 'name'])).trim().split('\n')
    expect(acknowledged.filter((name) => !stored.includes(name))).toEqual([])
  })

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('a second signal, %s, ends it at once with code %d', async (signal, code) => {
    const server = await serve()
    const requests = new HttpRequests(defaultKubeconfig())
    const endless = requests.start('POST', configMaps)
    endless.on('error', () => undefined)
    endless.write('{')
    await requests.send('GET', '/api')
    server.process.kill('SIGTERM')
    await vi.waitUntil(() => !existsSync(ready), { timeout: 10_000, interval: 5 })
    expect(await stop(server, signal)).toMatchObject({ code, signal: null })
  })
})

describe('refused', () => {
  const refused = async (...flags: string[]) => {
    const { code, stdout, stderr } = await cli.run(['serve', ...flags])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(existsSync(ready)).toBe(false)
    return stderr
  }

  test('is a port that is taken', async () => {
    const holder = createServer()
    const port = await new Promise<number>((resolve) => {
      holder.listen(0, '127.0.0.1', () => resolve((holder.address() as { port: number }).port))
    })
    expect(await refused(`--port=${port}`, `--ready-file=${ready}`)).toBe(
      `error: cannot listen on 127.0.0.1:${port}: another process listens there; choose another port with --port, or any free one with --port=0\n`,
    )
    holder.close()
  })

  test('is a host that does not exist, or is another machine', async () => {
    expect(await refused('--host=no-such-host.invalid')).toMatch(
      /^error: there is no host "no-such-host\.invalid" to listen on: .*; --host takes an address of this machine\n$/,
    )
    expect(await refused('--host=192.0.2.1', '--port=0')).toBe(
      'error: cannot listen on 192.0.2.1:0: this machine does not have that address; choose another one with --host\n',
    )
  })

  test.each(['0.0.0.0', '::', '192.0.2.1'])('is plain HTTP on %s', async (host) => {
    expect(await refused('--insecure-http', `--host=${host}`)).toBe(
      `error: --insecure-http serves on loopback addresses only, since the token would travel in the clear: "${host}" is none; leave out --host or --insecure-http\n`,
    )
    expect(existsSync(cli.dataDirectory)).toBe(false)
  })

  test.each([
    [['--port=65536'], 'invalid argument "65536" for "--port" flag: must be a number from 0 to 65535'],
    [['--port=http'], 'invalid argument "http" for "--port" flag: must be a number from 0 to 65535'],
    [
      ['--shutdown-timeout=-1s'],
      'invalid argument "-1s" for "--shutdown-timeout" flag: must not be negative',
    ],
    [['--tenants=a,B'], '"B" cannot be the name of a tenant'],
    [['--host=::1', '--bind-address=127.0.0.1'], 'are the same flag, and cannot have two values'],
    [['--tls-cert-file=a'], '--tls-cert-file and --tls-private-key-file must be given together'],
    [['--insecure-http', '--tls-san-names=a'], '--insecure-http serves without a certificate'],
    [['--tls-san-names=a b'], '"a b" cannot stand in a certificate'],
    [['--token-file=none'], 'cannot read the token file none: ENOENT'],
    [['--tls-cert-file=a', '--tls-private-key-file=b'], 'cannot read a: ENOENT'],
    [['--ready-file=/'], 'the ready file / '],
    [['items'], 'Unexpected args: [items]'],
    [['--storage=mangodb'], 'error: unknown storage type "mangodb": must be one of memory, lmdb, bolt\n'],
    [['--tenant=../x'], 'error: invalid tenant "../x": must consist of '],
    [['--ready-file=nodir/x'], '/nodir/x: there is no directory '],
    [['--write-kubeconfig=nodir/x'], '/nodir/x: there is no directory '],
    [['--context-name='], 'invalid argument "" for "--context-name" flag: must not be empty'],
    [['--insecure-http', '--tenants=a'], 'with --insecure-http there is none without --write-kubeconfig'],
  ])('are %j', async (flags, message) => {
    expect(await refused('--port=0', ...flags)).toContain(message)
  })

  test('is a file in a directory that does not exist, before anything is made', async () => {
    await Promise.all([refused('--ready-file=nodir/x'), refused('--write-kubeconfig=nodir/x')])
    expect(readdirSync(cli.directory)).toEqual([])
  })

  test('or not, a start removes the ready file of a server that was killed', async () => {
    writeFileSync(ready, 'https://127.0.0.1:1\n')
    await refused(`--ready-file=${ready}`, '--storage=mangodb')
    writeFileSync(ready, 'https://127.0.0.1:1\n')
    await refused(`--ready-file=${ready}`, '--tls-cert-file=a')
  })

  test('is a kubeconfig that is none, and it stays as it is', async () => {
    const file = cli.file('notes.txt', 'remember the milk\n')
    expect(await refused('--port=0', `--write-kubeconfig=${file}`)).toContain(
      `${file} is no kubeconfig, and is left as it is`,
    )
    expect(readFileSync(file, 'utf8')).toBe('remember the milk\n')
  })

  test('is an authority that is damaged', async () => {
    mkdirSync(join(cli.dataDirectory, 'apiserver'), { recursive: true })
    const file = join(cli.dataDirectory, 'apiserver', 'ca.pem')
    writeFileSync(file, 'damaged')
    expect(await refused('--port=0')).toContain(`error: ${file} is damaged`)
  })

  test('is a private key of another certificate', async () => {
    const [one, other] = await Promise.all([
      issueTransientCertificate(['localhost']),
      issueTransientCertificate(['localhost']),
    ])
    const cert = cli.file('tls.crt', one.serving.cert)
    const key = cli.file('tls.key', other.serving.key)
    expect(await refused('--port=0', `--tls-cert-file=${cert}`, `--tls-private-key-file=${key}`)).toBe(
      `error: the private key in ${key} does not belong to the first certificate in ${cert}\n`,
    )
  })
})

test('the directory of kubectl is made with the first kubeconfig', async () => {
  await serve('--storage=memory', `--write-kubeconfig=${join(cli.directory, '.kube', 'config')}`)
  expect(statSync(join(cli.directory, '.kube')).mode & 0o777).toBe(0o700)
})

test('a certificate, a token and a kubeconfig may be those that somebody else made', async () => {
  const { serving, authority } = await issueTransientCertificate(['api.example.com'])
  const flags = [
    `--tls-cert-file=${cli.file('tls.crt', serving.cert + authority)}`,
    `--tls-private-key-file=${cli.file('tls.key', serving.key)}`,
    `--token-file=${cli.file('my-token', '0123456789abcdef\n')}`,
  ]
  const prod = { name: 'prod', context: { cluster: 'prod', user: 'prod' } }
  const kubeconfig = cli.file('kubeconfig', JSON.stringify({ contexts: [prod], 'current-context': 'prod' }))
  const server = await serve(...flags, `--write-kubeconfig=${kubeconfig}`)
  expect(server.stdout).toContain(
    'Its current-context is still prod: choose ours with kubectl --context=k1s\n',
  )
  const requests = new HttpRequests(kubeconfig)
  expect(requests.token).toBe('0123456789abcdef')
  expect(requests.authority).toBe(authority)
  expect(await requests.send('GET', '/api/v1/namespaces/default')).toMatchObject({ code: 200 })
})
