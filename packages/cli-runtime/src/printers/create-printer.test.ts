import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Unstructured } from '@k1s/apimachinery'
import { describe, expect, test } from 'vitest'
import { configMap, item, tableOf } from '../../test/fake-transport.ts'
import { MemoryOutput } from '../streams/memory-streams.ts'
import { createPrinter } from './create-printer.ts'
import { toList } from './lists.ts'
import type { Printable, PrinterOptions } from './printer.ts'

async function print(object: Printable | Printable[], options: PrinterOptions): Promise<string> {
  const out = new MemoryOutput()
  const printer = await createPrinter(options)
  for (const one of [object].flat()) printer.print(one, out)
  return out.text
}

const laptop = item('laptop', { quantity: 3, tags: ['a', 'b'], size: null })

describe('names and operations', () => {
  test('an operation follows the name, unless names alone are wanted', async () => {
    expect(await print(laptop, { operation: 'created' })).toBe('item.inventory.k1s.dev/laptop created\n')
    expect(await print(configMap('x'), { operation: 'created', output: 'name' })).toBe('configmap/x\n')
  })

  test('the objects of a list are named one by one', async () => {
    expect(await print(toList([laptop, configMap('x')]), { output: 'name' })).toBe(
      'item.inventory.k1s.dev/laptop\nconfigmap/x\n',
    )
  })
})

describe('JSON and YAML', () => {
  const managed: Unstructured = {
    ...configMap('x'),
    metadata: { name: 'x', managedFields: [{ manager: 'm' }] },
  }

  test('JSON is indented by four, keys in order', async () => {
    expect(await print(managed, { output: 'json' })).toBe(
      '{\n    "apiVersion": "v1",\n    "kind": "ConfigMap",\n    "metadata": {\n        "name": "x"\n    }\n}\n',
    )
  })

  test('managed fields are shown on demand, also in lists', async () => {
    const list = toList([managed])
    expect(await print(list, { output: 'json' })).not.toContain('managedFields')
    expect(await print(list, { output: 'json', showManagedFields: true })).toContain('managedFields')
    expect(await print(list, { output: 'yaml', showManagedFields: true })).toContain('managedFields')
    expect(managed.metadata.managedFields).toHaveLength(1)
  })

  test('YAML documents are parted', async () => {
    expect(await print([managed, configMap('y')], { output: 'yaml' })).toBe(
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: "y"\n  namespace: default\n',
    )
  })

  test('an event of a watch is an object of its own', async () => {
    const out = new MemoryOutput()
    ;(await createPrinter({ output: 'json' })).print(managed, out, 'DELETED')
    expect(out.text).toBe(
      '{"type":"DELETED","object":{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"}}}\n',
    )
  })
})

describe('templates', () => {
  test.each([
    ['jsonpath={.metadata.name}', 'laptop'],
    ['jsonpath={.spec.quantity}{"\\n"}', '3\n'],
    ['jsonpath={.spec.tags}', '["a","b"]'],
    ['jsonpath={range .spec.tags[*]}[{@}]{end}', '[a][b]'],
    ['jsonpath={.spec.none}', ''],
    ['jsonpath-as-json={.spec.tags[*]}', '[\n    "a",\n    "b"\n]\n'],
    [
      'custom-columns=NAME:.metadata.name,N:{.spec.quantity},NONE:.x,ALL:spec.tags',
      'NAME     N     NONE     ALL\nlaptop   3     <none>   [a b]\n',
    ],
  ])('%s', async (output, expected) => {
    expect(await print(laptop, { output })).toBe(expected)
  })

  test('--template stands for the argument', async () => {
    expect(await print(laptop, { output: 'jsonpath', template: '{.kind}' })).toBe('Item')
  })

  test('a missing key is an error if it is not allowed', async () => {
    const printing = print(laptop, { output: 'jsonpath={.spec.none}', allowMissingTemplateKeys: false })
    await expect(printing).rejects.toThrow(
      'error executing jsonpath "{.spec.none}": Error executing template: none is not found. Printing more information',
    )
  })

  test('templates and columns are read from files', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'k1s-templates-'))
    try {
      const path = join(directory, 'file')
      writeFileSync(path, '{.kind}')
      expect(await print(laptop, { output: `jsonpath-file=${path}` })).toBe('Item')
      writeFileSync(path, 'NAME    KIND\nmetadata.name  .kind\n')
      expect(await print(laptop, { output: `custom-columns-file=${path}` })).toBe(
        'NAME     KIND\nlaptop   Item\n',
      )
    } finally {
      rmSync(directory, { recursive: true })
    }
  })

  test.each<[PrinterOptions, string]>([
    [{ output: 'jsonpath={.a' }, 'error parsing jsonpath {.a, unclosed action'],
    [{ output: 'jsonpath=' }, 'template format specified but no template given'],
    [{ output: 'custom-columns' }, 'custom-columns format specified but no custom columns given'],
    [
      { output: 'custom-columns=NAME' },
      'unexpected custom-columns spec: NAME, expected <header>:<json-path-expr>',
    ],
    [
      { output: 'go-template={{.x}}' },
      'the output format "go-template" is not supported: k1s has no Go templates',
    ],
    [{ template: '{{.x}}' }, 'the output format "go-template" is not supported'],
    [
      { output: 'xml' },
      'unable to match a printer suitable for the output format "xml", allowed formats are: custom-columns,custom-columns-file,json,jsonpath,jsonpath-as-json,jsonpath-file,name,wide,yaml',
    ],
    [
      { output: 'jsonpath-file=/nonexistent' },
      'error reading --template /nonexistent, open /nonexistent: no such file or directory',
    ],
  ])('%j is refused: %s', async (options, message) => {
    await expect(createPrinter(options)).rejects.toThrow(message)
  })
})

describe('--sort-by', () => {
  const items = [
    item('c', { n: 10, memory: '1Gi' }),
    item('a', { n: 9, memory: '500Mi', day: 'mon' }),
    item('b', { memory: '2Ki' }),
  ]
  const order = async (sortBy: string, table = false) => {
    const text = await print(table ? tableOf(items) : toList(items), {
      ...(!table && { output: 'name' }),
      sortBy,
      noHeaders: true,
    })
    return text
      .replaceAll('item.inventory.k1s.dev/', '')
      .split('\n')
      .map((line) => line[0])
      .join('')
  }

  test.each([
    ['.metadata.name', 'abc'],
    ['{.spec.n}', 'bac'],
    ['spec.memory', 'bac'],
  ])('%s gives %s', async (path, expected) => {
    expect(await order(path)).toBe(expected)
    expect(await order(path, true)).toBe(expected)
  })

  test('a field that no object has is an error', async () => {
    await expect(order('.spec.nope')).rejects.toThrow(
      'couldn\'t find any field with path "{.spec.nope}" in the list of objects',
    )
  })
})
