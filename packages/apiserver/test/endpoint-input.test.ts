import fc from 'fast-check'
import { expect, test } from 'vitest'
import { testServer } from './http-server.ts'

const server = testServer()

const path = fc.oneof(
  fc.constantFrom('/', '/api', '/apis', '/api/v1', '/apis/events.k8s.io/v1', '/openapi/v2', '/openapi/v3'),
  fc.constantFrom('/openapi/v3/api/v1', '/livez', '/readyz/storage', '/version', '/metrics'),
  fc
    .tuple(fc.constantFrom('/api/', '/apis/', '/openapi/', '/openapi/v3/', '/livez/', '/'), fc.webPath())
    .map(([start, rest]) => `${start}${rest.slice(1)}`),
)
const parameter = fc.constantFrom('g', 'v', 'as', 'q', 'pretty', 'profile', 'stream', 'sv', '')
const parameterValue = fc.oneof(
  fc.constantFrom('apidiscovery.k8s.io', 'v2', 'APIGroupDiscoveryList', '1', '0.5', 'watch', '"', ''),
  fc.string({ unit: fc.constantFrom(...'ab=;,"*/ ') }),
)
const clause = fc
  .tuple(
    fc.constantFrom('*', 'application', 'text', ''),
    fc.constantFrom('*', 'json', 'yaml', 'html', 'com.github.proto-openapi.spec.v2@v1.0+protobuf', ''),
    fc.array(fc.tuple(parameter, parameterValue), { maxLength: 4 }),
  )
  .map(([type, subtype, parameters]) =>
    [`${type}/${subtype}`, ...parameters.map(([name, value]) => `${name}=${value}`)].join(';'),
  )
const query = fc.dictionary(
  fc.constantFrom('hash', 'exclude', 'verbose', 'pretty', 'dryRun', 'watch'),
  fc.string({ maxLength: 20 }),
)

test('whatever is asked of endpoints is answered or refused', async () => {
  await fc.assert(
    fc.asyncProperty(
      path,
      query,
      fc.array(clause, { maxLength: 3 }),
      fc.option(fc.constantFrom('*', '"a"', 'W/"a", "b"', ',,', '"')),
      fc.constantFrom('GET', 'GET', 'GET', 'HEAD', 'POST', 'OPTIONS'),
      async (path, query, clauses, tag, method) => {
        const response = await fetch(`${server.url}${path}?${new URLSearchParams(query)}`, {
          method,
          redirect: 'manual',
          headers: {
            authorization: 'Bearer secret',
            accept: clauses.join(','),
            ...(tag !== null && { 'if-none-match': tag }),
          },
        })
        await response.arrayBuffer()
        expect(response.status).toBeLessThan(500)
      },
    ),
    { numRuns: 150 },
  )
  expect(server.errors).toEqual([])
})
