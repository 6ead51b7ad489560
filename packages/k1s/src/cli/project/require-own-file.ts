import { statSync } from 'node:fs'

/**
 * A file that is found by itself is run: in a directory like /tmp somebody else may have put it there. Throws an Error unless
 * it is the user's own, or root's, and not for everyone to write; git has the same rule for its directories.
 */
export function requireOwnFile(file: string): void {
  const user = process.geteuid?.()
  if (user === undefined) return
  const { uid, mode } = statSync(file)
  const owners = [user, 0]
  // `sudo k1s` in one's own directory.
  if (user === 0 && process.env.SUDO_UID !== undefined) owners.push(Number(process.env.SUDO_UID))
  if (!owners.includes(uid)) {
    throw new Error(
      `${file} belongs to another user, so it is not run: name it with --project-config or $K1S_PROJECT_CONFIG if you trust it`,
    )
  }
  if ((mode & 0o002) !== 0) {
    throw new Error(`${file} can be written by everyone, so it is not run: chmod o-w ${file}`)
  }
}
