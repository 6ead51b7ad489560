import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ControllerProject } from './controller-project.ts'

let project: ControllerProject
beforeEach(() => {
  project = new ControllerProject()
})
afterEach(() => project.remove())

/** A controller writes the status of Websites, and another kind has nothing but its names. */
const config = `
import { newControllerManagedBy } from '@k1s/controller-runtime'
import { defineConfig } from '@k1s/controller-runtime/config'
import { defineKind, mergePatch } from 'k1s'

const web = { group: 'web.example.com', version: 'v1' }
const Website = defineKind({
  ...web,
  kind: 'Website',
  plural: 'websites',
  namespaced: true,
  shortNames: ['site'],
  subresources: { status: true },
  printerColumns: [
    { name: 'Host', type: 'string', value: '.spec.host' },
    { name: 'Page', type: 'string', value: '.status.page' },
  ],
  schema: {
    type: 'object',
    properties: {
      spec: {
        type: 'object',
        required: ['host'],
        properties: { host: { type: 'string' }, port: { type: 'integer', maximum: 65535, default: 443 } },
      },
      status: { type: 'object', properties: { page: { type: 'string' } } },
    },
  },
})
const Zone = defineKind({ ...web, kind: 'Zone', plural: 'zones', namespaced: false })
export default defineConfig({
  kinds: [Website, Zone],
  controllers(manager) {
    newControllerManagedBy(manager).for(Website).complete(async (request) => {
      const website = await manager.client.get(Website, request)
      const page = website.spec.host + ':' + website.spec.port
      await manager.client.status.patch(website, mergePatch({ status: { page } }))
    })
  },
})
`
const website = (spec: string) =>
  `{apiVersion: web.example.com/v1, kind: Website, metadata: {name: home}, spec: ${spec}, status: {page: mine}}`

test('what it prints has other commands know the kinds as the controllers do', async () => {
  project.file('k1s.config.mjs', config)
  const apply = (spec: string) => project.run(['apply', '-f', '-'], { input: website(spec) })
  expect((await apply('{host: a.example.com}')).stderr).toContain('ensure CRDs are installed first')

  const applied = await project.shell('k1s controller crds | k1s apply -f -')
  expect(applied).toMatchObject({
    code: 0,
    stdout:
      'customresourcedefinition.apiextensions.k8s.io/websites.web.example.com created\n' +
      'customresourcedefinition.apiextensions.k8s.io/zones.web.example.com created\n',
    stderr: '',
  })
  expect((await apply('{host: a.example.com, port: 70000}')).stderr).toContain(
    'spec.port: Invalid value: 70000: spec.port in body should be less than or equal to 65535',
  )
  expect(await apply('{host: a.example.com}')).toMatchObject({ code: 0, stderr: '' })
  expect(await project.succeed(['get', 'site'])).toBe(
    'NAME   HOST            PAGE\nhome   a.example.com   \n',
  )
  expect(await project.succeed(['controller', 'run'])).toMatch(/^controller\/website reconciled [12]\n$/)
  expect(await project.succeed(['get', 'site'])).toBe(
    'NAME   HOST            PAGE\nhome   a.example.com   a.example.com:443\n',
  )
  const zone = '{apiVersion: web.example.com/v1, kind: Zone, metadata: {name: a}, any: {thing: [1]}}'
  expect(await project.run(['apply', '-f', '-'], { input: zone })).toMatchObject({ code: 0, stderr: '' })
  expect(await project.succeed(['get', 'zones', '-o', 'jsonpath={.items[*].any}'])).toBe('{"thing":[1]}')
})

test('a project that declares no kinds prints nothing, and says so', async () => {
  project.configure(['Colors'])
  expect(await project.run(['controller', 'crds'])).toMatchObject({
    code: 0,
    stdout: '',
    stderr: `${join(project.directory, 'k1s.config.mjs')} declares no kinds\n`,
  })
})

test('a column that is a function is left out, and said', async () => {
  project.file(
    'k1s.config.mjs',
    `import { defineConfig } from '@k1s/controller-runtime/config'
const value = (object) => object.spec.host.length
const printerColumns = [{ name: 'Length', type: 'integer', value }]
const Website = { group: 'web.example.com', version: 'v1', kind: 'Website', plural: 'websites', namespaced: true, printerColumns }
export default defineConfig({ kinds: [Website], controllers() {} })`,
  )
  const { code, stdout, stderr } = await project.run(['controller', 'crds'])
  expect(stdout).not.toContain('Length')
  expect(stderr).toBe(
    'warning: websites.web.example.com: the column Length is a function, which a CustomResourceDefinition cannot have\n',
  )
  expect(code).toBe(0)
})

test('arguments are refused', async () => {
  project.configure(['Colors'])
  for (const command of ['crds', 'list']) {
    expect(await project.run(['controller', command, 'colors'])).toMatchObject({
      code: 1,
      stderr: `error: unexpected arguments: [colors]\nSee 'k1s controller ${command} -h' for help and examples\n`,
    })
  }
})
