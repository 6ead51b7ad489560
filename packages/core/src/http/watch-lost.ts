/** The connection broke in the middle of a watch. */
export class WatchLost extends Error {
  constructor(cause: unknown) {
    super('the connection of a watch was lost', { cause })
  }
}
