import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { applyJsonPatch, type JsonPatchOperation } from '@k1s/apimachinery'
import { describe, expect, test } from 'vitest'

/** A case of https://github.com/json-patch/json-patch-tests: with an error if the patch must be refused. */
interface Case {
  readonly comment?: string
  readonly doc: unknown
  readonly patch: readonly JsonPatchOperation[]
  readonly expected?: unknown
  readonly error?: string
  readonly disabled?: boolean
}

const { resolve } = createRequire(import.meta.url)

describe.each(['spec_tests.json', 'tests.json'])('the public RFC 6902 cases of %s', (file) => {
  const cases = JSON.parse(readFileSync(resolve(`json-patch-test-suite/${file}`), 'utf8')) as Case[]

  // Of the four cases that the collection disables two are run: "Whole document" and "Toplevel scalar values OK?". The
  // others, A.13 and "duplicate ops", have a repeated key in their source, which is lost when JSON is parsed.
  const wanted = cases.filter(({ disabled, error }) => disabled !== true || error === undefined)

  test.each(wanted.map((wantedCase, index) => [index, wantedCase] as const))(
    'hold: case %i',
    (_, wantedCase) => {
      const { comment, doc, patch, expected, error } = wantedCase
      const before = structuredClone(doc)
      const apply = () => applyJsonPatch(doc, patch)
      if (error !== undefined) expect(apply, comment ?? error).toThrow()
      // Some cases have no result, since their operations only test.
      else expect(apply(), comment).toEqual('expected' in wantedCase ? expected : doc)
      expect(doc).toEqual(before)
    },
  )

  test('are all there', () => {
    expect(wanted.length).toBe(file === 'tests.json' ? 77 : 16)
  })
})
