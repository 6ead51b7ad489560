import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { GlobalFlags } from '../flags/global-flags.ts'
import type { Config } from './config.ts'
import { configPath, loadConfigFile, readConfigFile, writeConfigFile } from './config-file.ts'
import { resolveConfig } from './resolve-config.ts'

let directory: string
let file: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'k1s-config-'))
  file = join(directory, 'config')
})

afterEach(() => {
  rmSync(directory, { recursive: true })
})

const config: Config = {
  apiVersion: 'k1s.dev/v1',
  kind: 'Config',
  'current-context': 'shop',
  contexts: [
    {
      name: 'shop',
      context: { storage: 'level', path: 'data', tenant: 'blue', namespace: 'front', user: 'eve' },
    },
    { name: 'bare', context: {} },
    { name: 'prod', context: { kubeconfig: 'kube', 'kube-context': 'eu', namespace: 'web' } },
    { name: 'both', context: { kubeconfig: 'kube', path: 'data', user: 'eve' } },
    { name: 'half', context: { 'kube-context': 'eu' } },
  ],
}

describe('the file', () => {
  test('comes back as it was written, for its owner alone', () => {
    const path = join(directory, 'sub', 'config')
    writeConfigFile(path, config)
    expect(readConfigFile(path)).toEqual(config)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readdirSync(join(directory, 'sub'))).toEqual(['config'])
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(config)
  })

  test('may be YAML, may be empty, and may be missing', async () => {
    writeFileSync(
      file,
      'apiVersion: k1s.dev/v1\nkind: Config\ncontexts:\n- name: a\n  context: {tenant: t}\n',
    )
    expect((await loadConfigFile(file))?.contexts).toEqual([{ name: 'a', context: { tenant: 't' } }])
    writeFileSync(file, '')
    expect((await loadConfigFile(file))?.contexts).toEqual([])
    rmSync(file)
    expect(await loadConfigFile(file)).toBeUndefined()
  })

  test.each([
    ['{"apiVersion": "k1s.dev/v1",\n "kind" "Config"}', /error parsing .*config: json: line 2: /],
    ['a: [\n', /config.*line \d/s],
    ['{"kind":"Pod"}', /kind must be "Config", not "Pod"/],
    ['{"kind":"Config","apiVersion":"v1"}', /apiVersion must be "k1s\.dev\/v1", not "v1"/],
    ['{"kind":"Config","apiVersion":"k1s.dev/v1","contexts":{}}', /contexts must be a list/],
    ['{"kind":"Config","apiVersion":"k1s.dev/v1","contexts":[{}]}', /contexts\[0\]\.name must be a string/],
    [
      '{"kind":"Config","apiVersion":"k1s.dev/v1","contexts":[{"name":"a","context":{"tenat":"x"}}]}',
      /unknown field "contexts\[0\]\.context\.tenat", expected one of storage, path, tenant, namespace, user, kubeconfig, kube-context/,
    ],
    [
      '{"kind":"Config","apiVersion":"k1s.dev/v1","contexts":[{"name":"a","context":{"tenant":1}}]}',
      /contexts\[0\]\.context\.tenant must be a string/,
    ],
  ])('%s is refused', async (text, message) => {
    writeFileSync(file, text)
    await expect(loadConfigFile(file)).rejects.toThrow(message)
    await expect(loadConfigFile(file)).rejects.toThrow(file)
  })

  test('a place that cannot be written to is named, and nothing is left behind', () => {
    writeConfigFile(file, config)
    const below = join(file, 'config')
    expect(() => writeConfigFile(below, { ...config, contexts: [] })).toThrow(
      `cannot write the configuration file ${below}`,
    )
    expect(readConfigFile(file)).toEqual(config)
    expect(readdirSync(directory)).toEqual(['config'])
  })

  test('is found by flag, environment and XDG, in this order', () => {
    const env = { K1S_CONFIG: '/env', XDG_CONFIG_HOME: '/xdg', HOME: '/home/a' }
    expect(configPath('/flag', env)).toBe('/flag')
    expect(configPath(undefined, env)).toBe('/env')
    expect(configPath(undefined, { ...env, K1S_CONFIG: '' })).toBe('/xdg/k1s/config')
    expect(configPath(undefined, { HOME: '/home/a' })).toBe('/home/a/.config/k1s/config')
    expect(configPath(undefined, {})).toBe(join(homedir(), '.config/k1s/config'))
  })
})

describe('precedence', () => {
  const resolve = (flags: GlobalFlags, env: { [name: string]: string } = {}) =>
    resolveConfig({ config: '/etc/k1s/config', ...flags }, { HOME: '/home/a', ...env }, config)

  test('without anything the defaults hold', () => {
    expect(resolveConfig({}, { HOME: '/home/a', USER: 'ann' }, undefined)).toEqual({
      storage: 'lmdb',
      path: '/home/a/.local/share/k1s',
      tenant: 'default',
      namespace: 'default',
      namespaceEnforced: false,
      user: 'ann',
    })
  })

  test('a context gives what it has, with paths relative to the file', () => {
    expect(resolve({})).toEqual({
      context: 'shop',
      storage: 'level',
      path: '/etc/k1s/data',
      tenant: 'blue',
      namespace: 'front',
      namespaceEnforced: false,
      user: 'eve',
    })
  })

  test('--as is the user, whatever the context says', () => {
    expect(resolve({ as: 'bob' }).user).toBe('bob')
  })

  test('the environment comes before the context and flags before the environment', () => {
    const env = {
      K1S_CONTEXT: 'bare',
      K1S_TENANT: 'env-tenant',
      K1S_NAMESPACE: 'env-ns',
      K1S_DATA_DIR: '/env/data',
      K1S_STORAGE: 'memory',
    }
    expect(resolve({}, env)).toMatchObject({
      context: 'bare',
      tenant: 'env-tenant',
      namespace: 'env-ns',
      namespaceEnforced: false,
      path: '/env/data',
      storage: 'memory',
    })
    const flags = { context: 'shop', tenant: 't', namespace: 'n', dataDir: '/d', storage: 'lmdb' }
    expect(resolve(flags, env)).toMatchObject({
      context: 'shop',
      tenant: 't',
      namespace: 'n',
      namespaceEnforced: true,
      path: '/d',
      storage: 'lmdb',
    })
  })

  test('a context that does not exist is an error with a suggestion', () => {
    expect(() => resolve({ context: 'shp' })).toThrow('context "shp" does not exist\nDid you mean "shop"?')
    expect(() => resolveConfig({ context: 'x' }, { HOME: '/h' }, undefined)).toThrow(
      'context "x" does not exist: there is no configuration file /h/.config/k1s/config',
    )
  })
})

describe('the server', () => {
  const resolve = (flags: GlobalFlags, env: { [name: string]: string } = {}) =>
    resolveConfig({ config: '/etc/k1s/config', ...flags }, { HOME: '/home/a', USER: 'ann', ...env }, config)

  test('$KUBECONFIG alone changes nothing', () => {
    expect(resolve({}, { KUBECONFIG: '/kube' })).toEqual(resolve({}))
  })

  test('is that of --kubeconfig, and --context then one of its contexts', () => {
    const { server, context } = resolve({ kubeconfig: 'kube', context: 'eu' }, { K1S_CONTEXT: 'bare' })
    expect(server).toEqual({ kubeconfig: 'kube', context: 'eu' })
    expect(context).toBeUndefined()
    expect(resolve({ kubeconfig: 'kube' }, { K1S_CONTEXT: 'bare' }).server).toEqual({ kubeconfig: 'kube' })
  })

  test('is that of $K1S_KUBECONFIG, with $K1S_CONTEXT, which an empty flag takes away', () => {
    const env = { K1S_KUBECONFIG: '/env/kube', K1S_CONTEXT: 'eu' }
    expect(resolve({}, env).server).toEqual({ kubeconfig: '/env/kube', context: 'eu' })
    expect(resolve({ context: 'us' }, env).server).toMatchObject({ context: 'us' })
    expect(resolve({ kubeconfig: '/other' }, env).server).toEqual({ kubeconfig: '/other' })
    expect(resolve({ kubeconfig: '', context: 'bare' }, env)).toEqual(resolve({ context: 'bare' }))
  })

  test("is that of a context's kubeconfig, relative to the file, with its namespace", () => {
    expect(resolve({ context: 'prod' })).toMatchObject({
      context: 'prod',
      namespace: 'web',
      server: { kubeconfig: '/etc/k1s/kube', context: 'eu', namespace: 'web' },
    })
    expect(resolve({ context: 'prod', namespace: 'n' }).server).toMatchObject({ namespace: 'n' })
    expect(resolve({}, { K1S_CONTEXT: 'prod', K1S_NAMESPACE: 'n' }).server).toMatchObject({ namespace: 'n' })
  })

  test('is that of --server, alone or in place of the one of the kubeconfig', () => {
    expect(resolve({ server: 'https://h' }).server).toEqual({
      kubeconfig: '',
      server: 'https://h',
    })
    expect(resolve({ server: 'https://h', context: 'prod' }).server).toMatchObject({
      kubeconfig: '/etc/k1s/kube',
      server: 'https://h',
    })
  })

  test('is reached as the flags say', () => {
    const flags = {
      kubeconfig: 'kube',
      cluster: 'c',
      user: 'u',
      token: 't',
      username: 'n',
      password: 'p',
      clientCertificate: 'a.crt',
      clientKey: 'a.key',
      certificateAuthority: 'ca.crt',
      insecureSkipTlsVerify: true,
      tlsServerName: 'name',
      requestTimeout: '5s',
      as: 'bob',
      asGroup: ['a', 'b'],
      asUid: '7',
    }
    const { server, user, groups, uid } = resolve(flags)
    expect(server).toEqual({
      kubeconfig: 'kube',
      cluster: 'c',
      user: 'u',
      token: 't',
      username: 'n',
      password: 'p',
      clientCertificate: 'a.crt',
      clientKey: 'a.key',
      certificateAuthority: 'ca.crt',
      insecureSkipTLSVerify: true,
      tlsServerName: 'name',
      requestTimeout: '5s',
      as: 'bob',
    })
    expect({ user, groups, uid }).toEqual({ user: 'bob', groups: ['a', 'b'], uid: '7' })
  })

  test.each([
    [
      { kubeconfig: 'kube', dataDir: '/d' },
      {},
      /^--data-dir cannot be used with --kubeconfig: .*Leave out one/,
    ],
    [{ kubeconfig: 'kube', storage: 'lmdb' }, {}, /^--storage cannot be used with --kubeconfig: /],
    [
      { context: 'prod', tenant: 't' },
      {},
      /^--tenant cannot be used with context "prod", which has a kubeconfig: .*\/tenants\/NAME/,
    ],
    [{ tenant: 't', server: 'https://h' }, {}, /^--tenant cannot be used with --server: /],
    [{}, { K1S_KUBECONFIG: 'kube', K1S_TENANT: 't' }, /^\$K1S_TENANT cannot be used with \$K1S_KUBECONFIG: /],
    [{}, { K1S_CONTEXT: 'prod', K1S_DATA_DIR: '/d' }, /^\$K1S_DATA_DIR cannot be used with context "prod"/],
    [{ context: 'prod' }, { K1S_DATA_DIR: '/d' }, /^\$K1S_DATA_DIR cannot be used with context "prod"/],
    [
      { server: 'https://h', context: 'shop' },
      {},
      /^--server cannot be used with context "shop", which names a store/,
    ],
    [{ token: 't' }, {}, /^--token is for API servers, and this command works on a store: .*--kubeconfig/],
    [{ user: 'u' }, {}, /^--user is for API servers/],
    [
      { context: 'both' },
      {},
      /^context "both" of \/etc\/k1s\/config has a kubeconfig, .* no place for path, user/,
    ],
    [{ context: 'half' }, {}, /^context "half" .* has a kube-context, but no kubeconfig/],
    [{ asGroup: ['a'] }, {}, /^requesting uid, groups or user-extra for {2}without impersonating a user$/],
  ])('%j %j is refused', (flags, env, message) => {
    expect(() => resolve(flags as GlobalFlags, env as { [name: string]: string })).toThrow(message)
  })

  test('a flag that names it makes the variables of stores count for nothing', () => {
    const env = { K1S_DATA_DIR: '/d', K1S_TENANT: 't', K1S_STORAGE: 'memory' }
    for (const flags of [{ kubeconfig: 'kube' }, { server: 'https://h' }]) {
      expect(resolve(flags, env).server).toBeDefined()
    }
  })
})
