/** What proves who asks: a header, a certificate of the connection, or both. */
export interface Credential {
  /** The value of the header `Authorization`. */
  readonly authorization?: string
  /** PEM. */
  readonly certificate?: string | Buffer
  readonly key?: string | Buffer
}

/** Where credentials come from. */
export interface Credentials {
  /** Asked before each request. */
  current(): Promise<Credential>
  /** Told of the credential that the server answered with 401; true if there is another one now. */
  refused?(credential: Credential): Promise<boolean>
  /** Nobody asks any more: ends what is under way. */
  close?(): void
}

/** The same credential for good. */
export function fixedCredentials(credential: Credential): Credentials {
  return { current: () => Promise.resolve(credential) }
}
