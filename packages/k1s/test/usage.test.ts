import { afterAll, describe, expect, test } from 'vitest'
import { CliSandbox } from './cli-process.ts'

const cli = new CliSandbox()
afterAll(() => cli.remove())

describe('a command line that cannot be understood', () => {
  // The texts of cobra's findSuggestions and of kubectl's templates.FlagErrorFunc.
  test.each([
    ['gett', 'error: unknown command "gett" for "k1s"\n\nDid you mean this?\n\tget\n'],
    ['ls', 'error: unknown command "ls" for "k1s"\n\nDid you mean this?\n\tget\n'],
    ['frobnicate', 'error: unknown command "frobnicate" for "k1s"\n'],
    ['config frob', 'error: unknown command "frob" for "k1s config"\n'],
    ['get cm --frob', "error: unknown flag: --frob\nSee 'k1s get --help' for usage.\n"],
    [
      'get cm --outptu json',
      "error: unknown flag: --outptu\nSee 'k1s get --help' for usage.\n\nDid you mean this?\n\t--output\n",
    ],
    ['get -z', "error: unknown shorthand flag: 'z' in -z\nSee 'k1s get --help' for usage.\n"],
    ['get -o', "error: flag needs an argument: 'o' in -o\nSee 'k1s get --help' for usage.\n"],
    [
      'get cm --watch=perhaps',
      'error: invalid argument "perhaps" for "-w, --watch" flag: strconv.ParseBool: parsing "perhaps": invalid syntax\nSee \'k1s get --help\' for usage.\n',
    ],
    [
      'get',
      'You must specify the type of resource to get. Use "k1s api-resources" for a complete list of supported resources.\n\nerror: Required resource not specified.\nUse "k1s explain <resource>" for a detailed description of that resource (e.g. k1s explain pods).\nSee \'k1s get -h\' for help and examples\n',
    ],
    ['apply', 'error: must specify one of -f and -k\n'],
    ['create', 'error: must specify one of -f and -k\n'],
    [
      'create deployment x --image=y',
      `error: unknown command "deployment" for "k1s create"\nIts commands are namespace, configmap, secret, quota, serviceaccount; see 'k1s create --help'.\n`,
    ],
    [
      'create configmpa x --from-literal=a=b',
      'error: unknown command "configmpa" for "k1s create"\n\nDid you mean this?\n\tconfigmap\n',
    ],
    [
      'create -f a.yaml b.yaml',
      "error: Unexpected args: [b.yaml]\nSee 'k1s create -h' for help and examples\n",
    ],
    ['apply edit-last-applied cm/x', 'error: unknown command "edit-last-applied" for "k1s apply"\n'],
    [
      'create namespace',
      "error: exactly one NAME is required, got 0\nSee 'k1s create namespace -h' for help and examples\n",
    ],
    ['patch cm x', 'error: must specify --patch or --patch-file containing the contents of the patch\n'],
    ['patch cm x -p {} --type=x', 'error: --type must be one of [json merge strategic], not "x"\n'],
    ['label cm x', 'error: at least one label update is required\n'],
    [
      'label a=b',
      'error: one or more resources must be specified as <resource> <name> or <resource>/<name>\n',
    ],
    ['label cm x a=b a-', 'error: can not both modify and remove a label in the same command\n'],
    ['label cm x a=b y', 'error: all resources must be specified before label changes: y\n'],
    ['apply -f x --prune --all', 'error: --prune is not supported by k1s.'],
    ['apply -f x --force-conflicts', 'error: --force-conflicts only works with --server-side\n'],
    [
      'get cm --output-watch-events',
      'error: --output-watch-events option can only be used with --watch or --watch-only\n',
    ],
    ['get cm --show-labels -o json', 'error: --show-labels option cannot be used with json printer\n'],
    [
      'delete cm x --cascade=sideways',
      'error: invalid cascade value (sideways). Must be "background", "foreground", or "orphan"\n',
    ],
    [
      'apply -f x --dry-run=perhaps',
      'error: Invalid dry-run value (perhaps). Must be "none", "server", or "client".\n',
    ],
    ['wait cm/x', 'error: unrecognized condition: []\n'],
    ['api-resources --sort-by=x', 'error: --sort-by accepts only name or kind\n'],
  ])('k1s %s', async (line, message) => {
    const { code, stdout, stderr } = await cli.run(line.split(' '))
    expect(stderr).toContain(message)
    expect(stdout).toBe('')
    expect(code).toBe(1)
  })
})

describe('help', () => {
  test('k1s, k1s --help and k1s help show all commands in groups', async () => {
    const help = await cli.succeed([])
    expect(help).toContain('Basic Commands:\n  get             Display one or many resources\n')
    expect(help).toContain('Use "k1s <command> --help" for more information about a given command.')
    expect(await cli.succeed(['--help'])).toBe(help)
    expect(await cli.succeed(['help'])).toBe(help)
  })

  test('defaults of durations are shown as they can be given', async () => {
    expect(await cli.succeed(['wait', '-h'])).toContain('\n        --timeout=30s:\n')
    expect(await cli.succeed(['delete', '-h'])).toContain('\n        --timeout=0s:\n')
  })

  test('k1s get -h, --help, and k1s help get show examples, options and usage', async () => {
    const help = await cli.succeed(['get', '-h'])
    expect(help).toMatch(/^Display one or many resources\.\n[\s\S]*\nExamples:\n {2}# List all config maps/)
    expect(help).toContain('\nOptions:\n    -A, --all-namespaces=false:\n        If present, list')
    expect(help).toContain('\nUsage:\n  k1s get ')
    expect(await cli.succeed(['get', 'cm', '--help'])).toBe(help)
    expect(await cli.succeed(['help', 'get'])).toBe(help)
    expect(help.replace(/\s+/g, ' ')).toContain('jsonpath-file, wide, custom-columns, custom-columns-file).')
  })

  test('every command and subcommand has help whose examples call k1s', async () => {
    const help = await cli.succeed([])
    const names = [...help.matchAll(/^ {2}([a-z][\w-]*) {2,}\S/gm)].map((match) => match[1]!)
    expect(names).toContain('config')
    for (const name of names) {
      const text = await cli.succeed(['help', name])
      expect(text).toMatch(/\nExamples:\n( {2}.*\n)* {2}.*k1s/)
      const subcommands = /\nAvailable Commands:\n((?: {2}.*\n)*)/.exec(text)?.[1] ?? ''
      for (const [, subcommand] of subcommands.matchAll(/^ {2}([\w-]+)/gm)) {
        expect(await cli.succeed(['help', name, subcommand!])).toContain(`\n  k1s ${name} ${subcommand}`)
      }
    }
  })

  test('a command that needs a subcommand shows its help on stderr and fails', async () => {
    const { code, stdout, stderr } = await cli.run(['config'])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('Available Commands:\n  current-context')
  })

  test('k1s options lists the flags of all commands', async () => {
    expect(await cli.succeed(['options'])).toContain(
      "    -n, --namespace='':\n        If present, the namespace scope",
    )
  })
})

test('version', async () => {
  expect(await cli.succeed(['version'])).toMatch(/^Client Version: v\d+\.\d+\.\d+\n$/)
  expect(JSON.parse(await cli.succeed(['version', '-o', 'json']))).toMatchObject({
    clientVersion: { gitVersion: expect.stringMatching(/^v\d/), nodeVersion: process.version },
  })
  expect(await cli.succeed(['version', '-o=yaml'])).toMatch(/^clientVersion:\n {2}gitVersion: v/)
  expect((await cli.run(['version', '-o', 'xml'])).stderr).toBe("error: --output must be 'yaml' or 'json'\n")
})
