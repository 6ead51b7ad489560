import { readFileSync } from 'node:fs'
import type { Unstructured } from '@k1s/apimachinery'
import { createRuntime, type Runtime } from '@k1s/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { explainV2 } from './explain-v2.ts'
import { explainV3 } from './explain-v3.ts'

/** What kubectl prints of the same OpenAPI documents. */
interface Case {
  path: string
  format: 'plaintext' | 'plaintext-openapiv2'
  version?: string
  recursive?: boolean
  maxDepth?: number
  output?: string[]
  error?: string
}

const texts: { definition: Unstructured; cases: Case[] } = JSON.parse(
  readFileSync(new URL('explain-texts.json', import.meta.url), 'utf8'),
)
const group = 'garage.example.com'
let runtime: Runtime

beforeAll(async () => {
  runtime = await createRuntime({ storage: { type: 'memory' } })
  await runtime.client.create(texts.definition)
})
afterAll(() => runtime.close())

const documents = new Map<string, Promise<object>>()

function documentOf(path: string): Promise<object> {
  const document = documents.get(path) ?? runtime.transport.describe!('default', path)
  documents.set(path, document)
  return document
}

async function explained({ path, format, version = 'v1', recursive = false, maxDepth = 0 }: Case) {
  const fieldPath = path === '' ? [] : path.split('.')
  const options = { recursive, maxDepth }
  let output = ''
  try {
    if (format === 'plaintext-openapiv2') {
      const document = await documentOf('/openapi/v2')
      output = explainV2(document, { group, version, kind: 'Robot' }, fieldPath, options)
    } else {
      const document = await documentOf(`/openapi/v3/apis/${group}/${version}`)
      explainV3(document, { group, version, resource: 'robots' }, fieldPath, options, (text) => {
        output += text
      })
    }
    return { output }
  } catch (error) {
    return { output, error: (error as Error).message }
  }
}

// A version that is not there is refused before there is a document: see the tests of the command.
const cases = texts.cases.filter(({ version, format }) => version !== 'v9' || format !== 'plaintext')

test.each(cases)('$path as $format is what kubectl prints', async (wanted) => {
  const { output = [''], error } = wanted
  expect(await explained(wanted)).toEqual({
    output: output.join('\n'),
    ...(error !== undefined && { error }),
  })
})
