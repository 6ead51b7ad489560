import { readFile, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { ConfigurationError } from './configuration-error.ts'
import { decodeKubeconfig } from './decode-kubeconfig.ts'
import type { Kubeconfig } from './kubeconfig.ts'

export interface LoadedKubeconfig extends Kubeconfig {
  /** The files that it is from. */
  readonly files: readonly string[]
}

/**
 * Reads and merges kubeconfigs: `ClientConfigLoadingRules.Load` of `k8s.io/client-go/tools/clientcmd`. That is `path`, a
 * file that has to exist, or several separated as in `$PATH` that may, or none if it is empty; else the files of
 * `$KUBECONFIG`; else `~/.kube/config`. The first file that has a cluster, user or context of a name counts, and the first
 * that names a current context. ConfigurationError if a file cannot be read.
 */
export async function loadKubeconfig(
  options: { readonly path?: string | undefined; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<LoadedKubeconfig> {
  const { path, env = process.env } = options
  const [only] = path === undefined ? [] : filesOf(path)
  const files = path === undefined ? defaultFiles(env) : filesOf(path)
  if (only !== undefined && files.length === 1) await requireFile(only)
  const problems: string[] = []
  const loaded: { file: string; kubeconfig: Kubeconfig }[] = []
  for (const file of files) {
    try {
      const kubeconfig = await readKubeconfig(file)
      if (kubeconfig !== undefined) loaded.push({ file, kubeconfig })
    } catch (error) {
      problems.push(`error loading config file "${file}": ${(error as Error).message}`)
    }
  }
  const read = loaded.map(({ file }) => file)
  if (problems.length > 0) throw new ConfigurationError(problems, read)
  return { ...mergeKubeconfigs(loaded.map(({ kubeconfig }) => kubeconfig)), files: read }
}

/** The first that has an entry counts. */
export function mergeKubeconfigs(kubeconfigs: readonly Kubeconfig[]): Kubeconfig {
  const merged = <T>(mapOf: (kubeconfig: Kubeconfig) => ReadonlyMap<string, T>) =>
    new Map(kubeconfigs.toReversed().flatMap((kubeconfig) => [...mapOf(kubeconfig)]))
  return {
    currentContext: kubeconfigs.find(({ currentContext }) => currentContext !== '')?.currentContext ?? '',
    clusters: merged(({ clusters }) => clusters),
    users: merged(({ users }) => users),
    contexts: merged(({ contexts }) => contexts),
  }
}

function filesOf(path: string): string[] {
  return [...new Set(path.split(delimiter))].filter((file) => file !== '')
}

function defaultFiles(env: NodeJS.ProcessEnv): string[] {
  if (env.KUBECONFIG) return filesOf(env.KUBECONFIG)
  return [join(env.HOME || homedir(), '.kube', 'config')]
}

async function requireFile(file: string): Promise<void> {
  try {
    await stat(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return
    throw new ConfigurationError([`stat ${file}: no such file or directory`], [], { cause: error })
  }
}

/** Undefined if the file does not exist. */
async function readKubeconfig(file: string): Promise<Kubeconfig | undefined> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    if (code === 'EISDIR') throw new Error(`read ${file}: is a directory`, { cause: error })
    if (code === 'EACCES') throw new Error(`open ${file}: permission denied`, { cause: error })
    throw error
  }
  return decodeKubeconfig(await parse(text, file), resolve(file))
}

async function parse(text: string, file: string): Promise<unknown> {
  const json = text.trimStart().startsWith('{') ? parseJson(text) : undefined
  if (json !== undefined) return json
  const { decodeYaml } = await import('@k1s/apimachinery/yaml')
  const documents = decodeYaml(text, { file })
  return documents[0]?.value
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Flow mappings of YAML start with a brace too.
    return undefined
  }
}
