import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { memoryStreams } from '../streams/memory-streams.ts'
import { readManifests } from './read-manifests.ts'

async function read(text: string, strict = false): Promise<string[]> {
  const found: string[] = []
  for await (const { object, source } of readManifests(['-'], { stdin: memoryStreams(text).in, strict })) {
    found.push(`${object.apiVersion} ${object.kind} ${object.metadata.name} ${source}`)
  }
  return found
}

const json = (name: string) => `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"${name}"}}`
const yaml = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`

test.each([
  ['YAML documents', `${yaml('a')}---\n${yaml('b')}`, ['a STDIN', 'b STDIN:6']],
  ['JSON lines, with empty ones between', `${json('a')}\n\n${json('b')}\n`, ['a STDIN:1', 'b STDIN:3']],
  ['one JSON object', json('a'), ['a STDIN']],
  ['JSON documents over several lines', `{\n${json('a').slice(1)}\n${json('b')}`, ['a STDIN', 'b STDIN:3']],
  [
    'a List, and Lists in it',
    `{"apiVersion":"v1","kind":"List","items":[${json('a')},{"apiVersion":"v1","kind":"List","items":[${json('b')}]}]}`,
    ['a STDIN', 'b STDIN'],
  ],
  [
    'a list as an API server sends it',
    '{"apiVersion":"v1","kind":"ConfigMapList","items":[{"metadata":{"name":"a"}}]}',
    ['a STDIN'],
  ],
  ['nothing', '', []],
])('%s', async (_, text, found) => {
  expect(await read(text)).toEqual(found.map((name) => `v1 ConfigMap ${name}`))
})

test.each([
  [
    `${json('a')}\n{"apiVersion":"v1",\n`,
    /^error parsing STDIN:2: json: line 1: unexpected end of JSON input/,
  ],
  [
    `${json('a')}\n[]\n`,
    /^unable to decode "STDIN:2": expected an object with apiVersion and kind, not a list/,
  ],
  [
    `${yaml('a')}---\nkind: ConfigMap\n`,
    /^error validating "STDIN:6": error validating data: apiVersion not set/,
  ],
  [`${yaml('a')}---\na: [\n`, /^error parsing STDIN: error converting YAML to JSON: yaml: line \d: /],
])('%j is refused with where it is', async (text, message) => {
  await expect(read(text)).rejects.toThrow(message)
})

test('a key that comes twice is refused in strict mode, and the last one counts otherwise', async () => {
  const twice = `${yaml('a')}kind: Secret\n`
  expect(await read(twice)).toEqual(['v1 Secret a STDIN'])
  await expect(read(twice, true)).rejects.toThrow('key "kind" already set in map')
  await expect(read(`${json('a').replace('{', '{"kind":"Secret",')}\n${json('b')}`, true)).rejects.toThrow(
    'duplicate field "kind"',
  )
})

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'k1s-manifests-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

test('directories are read as deep as they are, but for what an export has left behind', async () => {
  const write = (folder: string, name: string) => {
    mkdirSync(join(directory, folder), { recursive: true })
    writeFileSync(join(directory, folder, `${name}.yaml`), yaml(name))
  }
  write('cluster/x', 'a')
  write('namespaces/default/y', 'b')
  write('.k1s-export-x1y2/cluster', 'c')
  writeFileSync(join(directory, 'notes.txt'), 'no manifest')
  const names: string[] = []
  for await (const { object } of readManifests([directory])) names.push(object.metadata.name!)
  expect(names).toEqual(['a', 'b'])
})
