import { readdirSync, readFileSync } from 'node:fs'

/**
 * What the licenses of bundled packages ask for: their texts. `inputs` are the files that went into the bundle. Throws if a
 * package has no license file.
 */
export function thirdPartyNotices(inputs) {
  const directories = new Set(inputs.flatMap((input) => packageOf(input) ?? []))
  return [...directories]
    .sort()
    .map(noticeOf)
    .join(`\n${'-'.repeat(80)}\n\n`)
}

/** The directory of the package that a file is of; undefined for our own. */
function packageOf(file) {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]
}

function noticeOf(directory) {
  const { name, version, license } = JSON.parse(readFileSync(`${directory}/package.json`, 'utf8'))
  const files = readdirSync(directory).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file))
  if (files.length === 0) throw new Error(`${name} has no license file in ${directory}`)
  const texts = files.map((file) => readFileSync(`${directory}/${file}`, 'utf8').trimEnd())
  return `${name} ${version} (${license})\n\n${texts.join('\n\n')}\n`
}
