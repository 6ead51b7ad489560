import { expect, test } from 'vitest'
import { mayHaveHook } from './may-have-hook.ts'

test.each([
  'export default defineConfig({ controllers() {}, afterWrite: {} })',
  "export { default } from './other.ts'",
  "export {\n  type Options,\n  config as default,\n} from './other.ts'",
  "// export default defineConfig({})\nexport { default } from './other.ts'",
  "import config from './other.ts'\nexport default config",
  "import { options } from './other.ts'\nexport default defineConfig(options)",
  "import { shared } from './other.ts'\nexport default defineConfig({\n  ...shared,\n  controllers() {},\n})",
  "module.exports = require('./other.cjs')",
  'export default {}',
  '',
])('a configuration that reads %j may have a hook', (text) => {
  expect(mayHaveHook(text)).toBe(true)
})

test.each([
  "import { addItems } from './items.ts'\nexport default defineConfig({ controllers(manager) { addItems(manager) } })",
  'export default defineConfig(\n  {\n    kinds: [Item],\n    controllers() {},\n  },\n)',
  "module.exports = require('@k1s/controller-runtime/config').defineConfig({ controllers() {} })",
  'export { Item }\nexport default defineConfig({ controllers() {} })',
])('a configuration that reads %j has none', (text) => {
  expect(mayHaveHook(text)).toBe(false)
})
