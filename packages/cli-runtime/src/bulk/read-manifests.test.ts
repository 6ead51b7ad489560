import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { memoryStreams } from '../streams/memory-streams.ts'
import { beginMark, endMark } from './export-marks.ts'
import { readManifests } from './read-manifests.ts'

async function read(text: string, strict = false, onWarning?: (text: string) => void): Promise<string[]> {
  const found: string[] = []
  const options = { stdin: memoryStreams(text).in, strict, ...(onWarning && { onWarning }) }
  for await (const { object, source } of readManifests(['-'], options)) {
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

describe('an export', () => {
  const exports = {
    yaml: `${beginMark('yaml')}${yaml('a')}---\n${yaml('b')}${endMark('yaml', 2)}`,
    jsonl: `${beginMark('jsonl')}${json('a')}\n${json('b')}\n${endMark('jsonl', 2)}`,
    json: `{"apiVersion":"v1","items":[${json('a')},\n${json('b')}],"kind":"List"}\n`,
  }

  test.each(Object.entries(exports))(
    'in %s is read as a whole, and refused wherever it is cut off',
    async (_, text) => {
      expect((await read(text)).map((found) => found.split(' ')[2])).toEqual(['a', 'b'])
      for (let length = 0; length < text.trimEnd().length; length++) {
        await expect(read(text.slice(0, length)), text.slice(0, length)).rejects.toThrow(Error)
      }
    },
  )

  test.each(['yaml', 'jsonl'] as const)('of nothing in %s is read as that', async (format) => {
    expect(await read(beginMark(format) + endMark(format, 0))).toEqual([])
  })

  test('that was cut off between documents is refused with what to do, also if another follows', async () => {
    const { yaml: whole, jsonl } = exports
    const cutOff =
      /^the export in STDIN is cut off: the line with which it ends is missing\nExport it again, or /
    await expect(read(beginMark('yaml') + yaml('a'))).rejects.toThrow(cutOff)
    await expect(read(`${beginMark('yaml') + yaml('c')}---\n${whole}`)).rejects.toThrow(cutOff)
    await expect(read(`${beginMark('jsonl')}${json('c')}\n${jsonl}`)).rejects.toThrow(cutOff)
    expect(await read(yaml('a') + endMark('yaml', 1))).toHaveLength(1)
    expect(await read(jsonl + jsonl.replaceAll('"a"', '"c"'))).toHaveLength(4)
    expect(await read(`${whole}---\n${whole}`)).toHaveLength(4)
  })

  test('that somebody has taken objects out of is read with a warning', async () => {
    const warnings: string[] = []
    const text = beginMark('yaml') + yaml('a') + endMark('yaml', 2)
    expect(await read(text, false, (warning) => warnings.push(warning))).toHaveLength(1)
    expect(warnings).toEqual(['STDIN was an export of 2 objects, and 1 of them are in it'])
  })

  test('within a value is a value', async () => {
    const value = exports.yaml.replaceAll(/^/gm, '    ')
    expect(await read(`${yaml('a')}data:\n  dump: |\n${value}\n`)).toHaveLength(1)
  })
})

test.each(['', ' \n', '# nothing\n', '---\n'])(
  '%j is refused, since there are no objects in it',
  async (text) => {
    await expect(read(text)).rejects.toThrow(/^there are no objects in STDIN$/)
  },
)

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
