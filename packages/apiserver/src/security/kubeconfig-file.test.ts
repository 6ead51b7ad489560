import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeYaml } from '@k1s/apimachinery/yaml'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { withFileLock } from './file-lock.ts'
import { writeKubeconfig } from './kubeconfig-file.ts'

let directory: string
let file: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'k1s-kubeconfig-'))
  file = join(directory, 'config')
})
afterEach(() => rmSync(directory, { recursive: true }))

const entries = { server: 'https://127.0.0.1:6443', certificateAuthority: 'PEM\n', token: 'secret' }
const cluster = { 'certificate-authority-data': 'UEVNCg==', server: 'https://127.0.0.1:6443' }
const read = () => decodeYaml(readFileSync(file, 'utf8'))[0]!.value as Record<string, unknown>

describe('a new file', () => {
  test('has a context for the server and one for each further tenant', async () => {
    expect(await writeKubeconfig(file, { ...entries, tenants: ['acme'] })).toEqual({
      currentContext: 'k1s',
      contexts: ['k1s', 'k1s-acme'],
    })
    expect(read()).toEqual({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        { name: 'k1s', cluster },
        { name: 'k1s-acme', cluster: { ...cluster, server: 'https://127.0.0.1:6443/tenants/acme' } },
      ],
      contexts: [
        { name: 'k1s', context: { cluster: 'k1s', user: 'k1s' } },
        { name: 'k1s-acme', context: { cluster: 'k1s-acme', user: 'k1s' } },
      ],
      'current-context': 'k1s',
      users: [{ name: 'k1s', user: { token: 'secret' } }],
    })
  })

  test('is for its owner alone, and so are the directories that it needed', async () => {
    file = join(directory, 'a', 'b', 'config')
    await writeKubeconfig(file, entries)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(join(directory, 'a')).mode & 0o777).toBe(0o700)
    expect(readdirSync(join(directory, 'a', 'b'))).toEqual(['config'])
  })

  test('names no authority where clients trust that of their system, and the name of the certificate', async () => {
    await writeKubeconfig(file, { server: 'https://[::1]:1', token: 't', tlsServerName: 'api.example.com' })
    expect(read().clusters).toEqual([
      { name: 'k1s', cluster: { server: 'https://[::1]:1', 'tls-server-name': 'api.example.com' } },
    ])
  })
})

describe('a file of somebody else', () => {
  const foreign = {
    apiVersion: 'v1',
    kind: 'Config',
    preferences: { colors: true },
    clusters: [{ name: 'prod', cluster: { server: 'https://prod' } }],
    contexts: [{ name: 'prod', context: { cluster: 'prod', user: 'ann', namespace: 'shop' } }],
    users: [{ name: 'ann', user: { exec: { command: 'login', args: ['a'] } } }],
    'current-context': 'prod',
  }

  test('keeps all that it has, its current-context too', async () => {
    writeFileSync(file, JSON.stringify(foreign), { mode: 0o644 })
    expect(await writeKubeconfig(file, entries)).toMatchObject({ currentContext: 'prod' })
    expect(read()).toEqual({
      ...foreign,
      clusters: [...foreign.clusters, { name: 'k1s', cluster }],
      contexts: [...foreign.contexts, { name: 'k1s', context: { cluster: 'k1s', user: 'k1s' } }],
      users: [...foreign.users, { name: 'k1s', user: { token: 'secret' } }],
    })
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  test.each(['', 'gone'])('whose current-context is %j gets one', async (current) => {
    writeFileSync(file, JSON.stringify({ ...foreign, 'current-context': current }))
    expect(await writeKubeconfig(file, entries)).toMatchObject({ currentContext: 'k1s' })
  })

  test.each([
    ['[1]', 'it is not an object'],
    ['just text', 'it is not an object'],
    [
      '{"apiVersion":"k1s.dev/v1","kind":"Config"}',
      'expected apiVersion "v1" and kind "Config", not "k1s.dev/v1"',
    ],
    ['{"apiVersion":"v1","kind":"Pod"}', 'not "v1" and "Pod"'],
    ['clusters: {a: b}', 'clusters must be a list of objects with names'],
    ['users: [{user: {}}]', 'users must be a list of objects with names'],
    ['a: 1\n---\nb: 2\n', 'it holds several documents'],
    ['a: [\n', 'line '],
  ])('that holds %j is refused and left as it is', async (text, message) => {
    writeFileSync(file, text)
    await expect(writeKubeconfig(file, entries)).rejects.toThrow(message)
    await expect(writeKubeconfig(file, entries)).rejects.toThrow(file)
    expect(readFileSync(file, 'utf8')).toBe(text)
    expect(readdirSync(directory)).toEqual(['config'])
  })

  test('behind a link is changed where it is', async () => {
    mkdirSync(join(directory, 'dotfiles'))
    const target = join(directory, 'dotfiles', 'kube')
    writeFileSync(target, JSON.stringify(foreign))
    symlinkSync(target, file)
    await writeKubeconfig(file, entries)
    expect(lstatSync(file).isSymbolicLink()).toBe(true)
    expect(readFileSync(target, 'utf8')).toContain('name: prod')
    expect(readFileSync(target, 'utf8')).toContain('token: secret')
  })
})

describe('a file of ours', () => {
  test('gets new values, also for tenants that are not named again; what a user added to a context stays', async () => {
    await writeKubeconfig(file, { ...entries, tenants: ['acme', 'old'] })
    const config = read() as { contexts: { name: string; context: object }[] }
    for (const entry of config.contexts) Object.assign(entry.context, { namespace: `of-${entry.name}` })
    config.contexts.push({ name: 'k1s-own', context: { cluster: 'k1s', user: 'k1s', namespace: 'own' } })
    writeFileSync(file, JSON.stringify({ ...config, 'current-context': 'k1s-old' }))
    expect(
      await writeKubeconfig(file, {
        ...entries,
        server: 'https://127.0.0.1:7',
        token: 'new',
        tenants: ['new'],
      }),
    ).toEqual({ currentContext: 'k1s-old', contexts: ['k1s', 'k1s-new', 'k1s-acme', 'k1s-old'] })
    expect(read()).toMatchObject({
      clusters: [
        { name: 'k1s', cluster: { server: 'https://127.0.0.1:7' } },
        { name: 'k1s-acme', cluster: { server: 'https://127.0.0.1:7/tenants/acme' } },
        { name: 'k1s-old', cluster: { server: 'https://127.0.0.1:7/tenants/old' } },
        { name: 'k1s-new', cluster: { server: 'https://127.0.0.1:7/tenants/new' } },
      ],
      contexts: [
        { name: 'k1s', context: { namespace: 'of-k1s' } },
        { name: 'k1s-acme', context: { namespace: 'of-k1s-acme' } },
        { name: 'k1s-old', context: { namespace: 'of-k1s-old' } },
        { name: 'k1s-own', context: { namespace: 'own' } },
        { name: 'k1s-new', context: {} },
      ],
      users: [{ name: 'k1s', user: { token: 'new' } }],
    })
  })

  test('is beside entries of another name, which stay', async () => {
    await writeKubeconfig(file, { ...entries, tenants: ['acme'] })
    const { contexts } = read() as { contexts: object[] }
    const lab = { ...entries, server: 'https://127.0.0.1:7', name: 'lab', tenants: ['blue'] }
    expect(await writeKubeconfig(file, lab)).toEqual({
      currentContext: 'k1s',
      contexts: ['lab', 'lab-blue'],
    })
    expect(read()).toMatchObject({
      clusters: [
        { name: 'k1s', cluster: { server: 'https://127.0.0.1:6443' } },
        { name: 'k1s-acme', cluster: { server: 'https://127.0.0.1:6443/tenants/acme' } },
        { name: 'lab', cluster: { server: 'https://127.0.0.1:7' } },
        { name: 'lab-blue', cluster: { server: 'https://127.0.0.1:7/tenants/blue' } },
      ],
      contexts: [
        ...contexts,
        { name: 'lab', context: { cluster: 'lab', user: 'lab' } },
        { name: 'lab-blue', context: { cluster: 'lab-blue', user: 'lab' } },
      ],
    })
  })

  test('stays as it is where its server may not be replaced', async () => {
    const mayReplace = vi.fn(async () => false)
    await writeKubeconfig(file, { ...entries, tlsServerName: 'a.example' }, { mayReplace })
    expect(mayReplace).not.toHaveBeenCalled()
    const before = readFileSync(file, 'utf8')
    const other = { ...entries, server: 'https://127.0.0.1:7' }
    expect(await writeKubeconfig(file, other, { mayReplace })).toBeUndefined()
    expect(mayReplace.mock.calls).toEqual([[{ ...entries, tlsServerName: 'a.example', name: 'k1s' }]])
    expect(readFileSync(file, 'utf8')).toBe(before)
    expect(readdirSync(directory)).toEqual(['config'])
  })

  test('that says all of it already is not written', async () => {
    await writeKubeconfig(file, entries)
    const { ino } = statSync(file)
    await writeKubeconfig(file, entries)
    expect(statSync(file).ino).toBe(ino)
  })
})

test('of changes that are made at once none is lost', async () => {
  const tenants = ['a', 'b', 'c', 'd', 'e']
  writeFileSync(file, '{}')
  await Promise.all(
    tenants.map(async (tenant) => {
      // As another program that keeps to kubectl's lock.
      await withFileLock(file, async () => {
        const config = read()
        await new Promise((resolve) => setTimeout(resolve, 5))
        const clusters = [...((config.clusters as object[] | undefined) ?? []), { name: tenant, cluster: {} }]
        writeFileSync(file, JSON.stringify({ ...config, clusters }))
      })
      await writeKubeconfig(file, entries)
    }),
  )
  const names = (read().clusters as { name: string }[]).map(({ name }) => name)
  expect(names.sort()).toEqual([...tenants, 'k1s'])
})

test('a lock that was left behind does not keep the file for good', async () => {
  writeFileSync(`${file}.lock`, '')
  const past = Date.now() / 1000 - 60
  utimesSync(`${file}.lock`, past, past)
  await writeKubeconfig(file, entries)
  expect(readdirSync(directory)).toEqual(['config'])
})
