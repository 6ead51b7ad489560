import assert from 'node:assert/strict'
import type { Engine, EngineReader, RangeOptions } from '../engine.ts'
import { eventually, type TestRunner } from './runner.ts'

export interface EngineBehaviourOptions extends TestRunner {
  /** The engine's name, for the title. */
  name: string
  /** A new, empty engine each time. */
  open(): Engine | Promise<Engine>
}

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1')
const text = (value: Uint8Array | undefined): string | undefined =>
  value === undefined ? undefined : Buffer.from(value).toString('latin1')

/** Every sentence of the contract of {@link Engine} as a test. */
export function engineBehaviour({ name, open, describe, it }: EngineBehaviourOptions): void {
  const test = (title: string, body: (engine: Engine) => Promise<void>) =>
    it(title, async () => {
      const engine = await open()
      try {
        await body(engine)
      } finally {
        await engine.close()
      }
    })

  describe(`${name} engine`, () => {
    describe('read', () => {
      test('of a key that was never written gives undefined', async (engine) => {
        assert.equal(
          engine.read((reader) => reader.get(bytes('a'))),
          undefined,
        )
      })

      test('returns what the body returns', async (engine) => {
        assert.deepEqual(
          engine.read(() => ({ any: 'thing' })),
          { any: 'thing' },
        )
      })

      test('sees a write whose promise has resolved', async (engine) => {
        await put(engine, { a: '1' })
        assert.equal(value(engine, 'a'), '1')
        await put(engine, { a: '2' })
        assert.equal(value(engine, 'a'), '2')
      })

      test('throws what the body throws and goes on working', async (engine) => {
        const error = new Error('mine')
        assert.throws(
          () =>
            engine.read(() => {
              throw error
            }),
          error,
        )
        assert.equal(value(engine, 'a'), undefined)
      })

      test('keeps empty, large and binary values as they are', async (engine) => {
        const large = Buffer.alloc(3 * 1024 * 1024, 'large')
        const binary = Buffer.from(Array.from({ length: 256 }, (_, index) => index))
        await engine.write((transaction) => {
          transaction.put(bytes('empty'), Buffer.alloc(0))
          transaction.put(bytes('large'), large)
          transaction.put(binary, binary)
        })
        engine.read((reader) => {
          assert.equal(reader.get(bytes('empty'))?.length, 0)
          assert.ok(large.equals(reader.get(bytes('large'))!))
          assert.ok(binary.equals(reader.get(binary)!))
          const entries = [...reader.range({ gte: bytes('\x00'), lt: bytes('\xff') })]
          assert.deepEqual(
            entries.map(({ value }) => value.length),
            [256, 0, large.length],
          )
        })
      })

      test('gives values that later reads and writes do not change', async (engine) => {
        await put(engine, { a: 'first', b: 'other' })
        const [a, b] = engine.read((reader) => [reader.get(bytes('a')), reader.get(bytes('b'))])
        await put(engine, { a: 'again' })
        assert.equal(value(engine, 'a'), 'again')
        assert.deepEqual([text(a), text(b)], ['first', 'other'])
      })

      test('keeps keys of a thousand bytes apart', async (engine) => {
        const long = 'k'.repeat(1024)
        await put(engine, { [`${long}a`]: '1', [`${long}b`]: '2' })
        assert.deepEqual([value(engine, `${long}a`), value(engine, `${long}b`)], ['1', '2'])
      })
    })

    describe('range', () => {
      const entries = { a: '1', b: '2', 'b\x00': '3', c: '4', '\xff': '5' }
      const cases: [string, RangeOptions, string[]][] = [
        ['gives entries from gte up to, not including, lt', range('b', 'c'), ['b=2', 'b\x00=3']],
        ['is in byte order', range('a', '\xff\xff'), ['a=1', 'b=2', 'b\x00=3', 'c=4', '\xff=5']],
        ['stops at the limit', { ...range('a', 'z'), limit: 2 }, ['a=1', 'b=2']],
        ['descends with reverse', { ...range('a', 'c'), reverse: true }, ['b\x00=3', 'b=2', 'a=1']],
        [
          'starts below lt with reverse and a limit',
          { ...range('a', 'c'), reverse: true, limit: 1 },
          ['b\x00=3'],
        ],
        ['may be empty', range('d', 'e'), []],
        ['is empty when lt is not above gte', range('c', 'b'), []],
      ]
      for (const [title, options, expected] of cases) {
        test(title, async (engine) => {
          await put(engine, entries)
          assert.deepEqual(
            engine.read((reader) => list(reader, options)),
            expected,
          )
        })
        test(`${title}, in a transaction`, async (engine) => {
          await put(engine, { a: 'old', b: '2', bb: 'gone', c: '4' })
          const found = await engine.write((transaction) => {
            transaction.delete(bytes('bb'))
            for (const [key, value] of Object.entries(entries)) transaction.put(bytes(key), bytes(value))
            return list(transaction, options)
          })
          assert.deepEqual(found, expected)
        })
      }

      test('can be left early', async (engine) => {
        await put(engine, entries)
        for (let round = 0; round < 200; round++) {
          engine.read((reader) => {
            for (const { key } of reader.range(range('a', 'z'))) {
              assert.equal(text(key), 'a')
              break
            }
          })
        }
        assert.equal(value(engine, 'c'), '4')
      })

      test('allows point reads and other ranges while it is walked', async (engine) => {
        await put(engine, entries)
        const seen = engine.read((reader) =>
          [...reader.range(range('a', 'd'))].map(
            ({ key, value }) =>
              `${text(key)}${text(value)}${text(reader.get(bytes('c')))}${list(reader, range('a', 'b'))}`,
          ),
        )
        assert.deepEqual(seen, ['a14a=1', 'b24a=1', 'b\x0034a=1', 'c44a=1'])
      })

      test('of a thousand entries gives each once', async (engine) => {
        const keys = Array.from({ length: 1000 }, (_, index) => `k${String(index).padStart(4, '0')}`)
        const shuffled = [...keys].sort((a, b) => (hash(a) < hash(b) ? -1 : 1))
        await put(engine, Object.fromEntries(shuffled.map((key) => [key, key])))
        const found = engine.read((reader) => [...reader.range(range('k', 'l'))].map(({ key }) => text(key)))
        assert.deepEqual(found, keys)
      })
    })

    describe('write', () => {
      test('resolves with what the body returns', async (engine) => {
        assert.equal(await engine.write(() => 42), 42)
      })

      test('sees its own writes and deletions', async (engine) => {
        await put(engine, { a: '1', b: '2' })
        const seen = await engine.write((transaction) => {
          transaction.put(bytes('a'), bytes('3'))
          transaction.delete(bytes('b'))
          return [text(transaction.get(bytes('a'))), transaction.get(bytes('b'))]
        })
        assert.deepEqual(seen, ['3', undefined])
        assert.deepEqual([value(engine, 'a'), value(engine, 'b')], ['3', undefined])
      })

      test('leaves nothing if the body throws, and rejects with the error', async (engine) => {
        await put(engine, { a: '1' })
        const error = new Error('mine')
        const failed = engine.write((transaction) => {
          transaction.put(bytes('a'), bytes('2'))
          transaction.put(bytes('b'), bytes('2'))
          transaction.delete(bytes('a'))
          throw error
        })
        await assert.rejects(failed, error)
        assert.deepEqual([value(engine, 'a'), value(engine, 'b')], ['1', undefined])
      })

      test('that fails does not harm those that share its commit', async (engine) => {
        const before = put(engine, { a: '1' })
        const failed = engine.write((transaction) => {
          transaction.put(bytes('a'), bytes('2'))
          throw new Error('mine')
        })
        const after = engine.write((transaction) => text(transaction.get(bytes('a'))))
        await Promise.all([before, assert.rejects(failed, /mine/)])
        assert.equal(await after, '1')
        assert.equal(value(engine, 'a'), '1')
      })

      test('runs concurrent bodies one after the other, each seeing those before it', async (engine) => {
        const increment = () =>
          engine.write((transaction) => {
            const next = Number(text(transaction.get(bytes('n'))) ?? 0) + 1
            transaction.put(bytes('n'), bytes(String(next)))
            return next
          })
        const results = await Promise.all(Array.from({ length: 200 }, increment))
        assert.deepEqual(
          results,
          Array.from({ length: 200 }, (_, index) => index + 1),
        )
        assert.equal(value(engine, 'n'), '200')
      })

      test('may delete the entries of a range while it is walked', async (engine) => {
        await put(engine, { a: '1', b: '2', c: '3' })
        await engine.write((transaction) => {
          transaction.put(bytes('bb'), bytes('4'))
          for (const { key } of transaction.range(range('a', 'c'))) transaction.delete(key)
        })
        assert.deepEqual(
          engine.read((reader) => list(reader, range('a', 'z'))),
          ['c=3'],
        )
      })

      test('of a key that is not there may delete it', async (engine) => {
        await engine.write((transaction) => transaction.delete(bytes('a')))
        assert.equal(value(engine, 'a'), undefined)
      })
    })

    describe('onCommit', () => {
      test('calls every listener after a commit, which it then sees', async (engine) => {
        const seen: (string | undefined)[] = []
        engine.onCommit(() => seen.push(value(engine, 'a')))
        engine.onCommit(() => seen.push(value(engine, 'a')))
        await put(engine, { a: '1' })
        await eventually(() => seen.length >= 2)
        assert.deepEqual(new Set(seen), new Set(['1']))
      })

      test('calls at least once after the last commit of a burst', async (engine) => {
        let last: string | undefined
        engine.onCommit(() => {
          last = value(engine, 'n')
        })
        await Promise.all(Array.from({ length: 50 }, (_, index) => put(engine, { n: String(index) })))
        await eventually(() => last === '49')
      })

      test('does not call a listener that was ended', async (engine) => {
        let calls = 0
        const end = engine.onCommit(() => {
          calls++
        })
        end()
        end()
        await put(engine, { a: '1' })
        await new Promise((resolve) => setTimeout(resolve, 20))
        assert.equal(calls, 0)
      })
    })

    describe('close', () => {
      test('waits for writes under way', async (engine) => {
        let done = false
        const write = put(engine, { a: '1' }).then(() => {
          done = true
        })
        await engine.close()
        await write
        assert.ok(done)
      })

      test('makes later calls throw', async (engine) => {
        await engine.close()
        assert.throws(() => engine.read(() => 1), /closed/)
        assert.throws(() => engine.onCommit(() => {}), /closed/)
        await assert.rejects(async () => engine.write(() => 1), /closed/)
      })

      test('may be called twice', async (engine) => {
        await Promise.all([engine.close(), engine.close()])
      })
    })
  })
}

function put(engine: Engine, entries: { [key: string]: string }): Promise<void> {
  return engine.write((transaction) => {
    for (const [key, value] of Object.entries(entries)) transaction.put(bytes(key), bytes(value))
  })
}

function value(engine: Engine, key: string): string | undefined {
  return text(engine.read((reader) => reader.get(bytes(key))))
}

function range(gte: string, lt: string): RangeOptions {
  return { gte: bytes(gte), lt: bytes(lt) }
}

function list(reader: EngineReader, options: RangeOptions): string[] {
  return Array.from(reader.range(options), ({ key, value }) => `${text(key)}=${text(value)}`)
}

function hash(key: string): number {
  let result = 7
  for (const character of key) result = (result * 31 + character.charCodeAt(0)) % 9973
  return result
}
