import { beforeAll, describe, expect, test } from 'vitest'
import { definitionOf } from './definitions.ts'
import { testServer } from './http-server.ts'
import { hasKubectl, kubectlFor } from './kubectl.ts'

describe.skipIf(!hasKubectl())('kubectl', () => {
  // Without TLS, kubectl sends no credentials.
  const server = testServer({ authenticate: () => ({ name: 'admin', groups: ['system:masters'] }) })
  const kubectl = kubectlFor(() => server.url)
  const kubectlOfTenant = kubectlFor(() => `${server.url}/tenants/other`)
  beforeAll(async () => {
    await server.runtime.client.create(definitionOf('trees', 'Tree'))
    const other = await server.runtime.clientFor({ tenant: 'other' })
    await other.create(definitionOf('bushes', 'Bush'))
  })

  test('version prints that of the server', async () => {
    const { stdout } = await kubectl('version')
    expect(stdout).toMatch(/^Server Version: v1\.\d+\.0\+k1s\.\d+\.\d+\.\d+$/m)
  })

  test('api-versions lists group versions', async () => {
    const { stdout } = await kubectl('api-versions')
    expect(stdout.split('\n')).toEqual(
      expect.arrayContaining(['coordination.k8s.io/v1', 'garden.example.com/v1', 'v1']),
    )
  })

  test.each([
    ['a server', () => kubectl],
    ['a tenant below a prefix', () => kubectlOfTenant],
  ])('api-resources lists the resources of %s', async (_, choose) => {
    const isTenant = choose() === kubectlOfTenant
    const { stdout } = await choose()('api-resources')
    expect(stdout).toMatch(/^configmaps +cm +v1 +true +ConfigMap$/m)
    expect(/^trees +garden\.example\.com\/v1 +true +Tree$/m.test(stdout)).toBe(!isTenant)
    expect(/^bushes +garden\.example\.com\/v1 +true +Bush$/m.test(stdout)).toBe(isTenant)
  })

  test('explain tells about built-in kinds and those of definitions', async () => {
    const [builtin, custom] = await Promise.all([
      kubectl('explain', 'configmaps.metadata.labels'),
      kubectl('explain', 'trees.spec.size'),
    ])
    expect(builtin.stdout).toContain('FIELD: labels <map[string]string>')
    expect(custom.stdout).toBe(
      'GROUP:      garden.example.com\nKIND:       Tree\nVERSION:    v1\n\n' +
        'FIELD: size <integer>\n\n\nDESCRIPTION:\n    In metres.\n    \n\n',
    )
  })

  test('explain finds the documents of a tenant below a prefix', async () => {
    const [own, others] = await Promise.all([
      kubectlOfTenant('explain', 'bushes.spec'),
      kubectlOfTenant('explain', 'trees.spec'),
    ])
    expect(own.stdout).toContain('What a Bush is to be.')
    expect([others.code, others.stderr]).toEqual([1, 'the server doesn\'t have a resource type "trees"\n'])
  })

  test('get --raw prints health', async () => {
    const { stdout } = await kubectl('get', '--raw', '/livez?verbose')
    expect(stdout).toBe('[+]ping ok\n[+]storage ok\nlivez check passed\n')
  })
})
