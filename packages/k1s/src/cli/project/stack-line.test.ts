import { expect, test } from 'vitest'
import { isOfProject, placeOf } from './stack-line.ts'

test.each([
  ['    at Object.start (file:///a/k1s.config.mjs:4:8)', '/a/k1s.config.mjs:4:8'],
  ['    at async file:///a%20b/k1s.config.mjs:4:8', '/a b/k1s.config.mjs:4:8'],
  ['    at new Site (file:///a/(web)/k1s.config.mjs:4:8)', '/a/(web)/k1s.config.mjs:4:8'],
  ['    at file:///a/(web)/k1s.config.mjs:4:8', '/a/(web)/k1s.config.mjs:4:8'],
  // Compiled, which changes columns.
  ['    at fail (/a/k1s.config.ts:4:8)', '/a/k1s.config.ts:4'],
])('the place of %j is %s, of a project', (line, place) => {
  expect([placeOf(line), isOfProject(line)]).toEqual([place, true])
})

test.each([
  '    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)',
  '    at run (k1s/bundle/rest.cjs:3:4)',
  '    at eval (eval at fail (file:///a/k1s.config.mjs:4:8), <anonymous>:1:1)',
  '    at new Promise (<anonymous>)',
])('%j has no place', (line) => {
  expect([placeOf(line), isOfProject(line)]).toEqual([undefined, false])
})
