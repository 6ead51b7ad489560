import { type Config, configPath, emptyConfig, type Factory, loadConfigFile } from '@k1s/cli-runtime'

/** The configuration file of a command and what is in it; an empty configuration if there is none. */
export async function startingConfig(factory: Factory): Promise<{ file: string; config: Config }> {
  const file = configPath(factory.flags.config, process.env)
  return { file, config: (await loadConfigFile(file)) ?? emptyConfig() }
}
