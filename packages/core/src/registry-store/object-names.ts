import { randomInt } from 'node:crypto'

/** Letters and digits that make no words and are not mistaken for one another. */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789'
const randomLength = 5
const maxNameLength = 63

/** `SimpleNameGenerator` of `k8s.io/apiserver/pkg/storage/names`: the prefix, cut to fit, and five characters. */
export function generateName(prefix: string): string {
  let name = prefix.slice(0, maxNameLength - randomLength)
  for (let i = 0; i < randomLength; i++) name += alphabet[randomInt(alphabet.length)]
  return name
}
