/** A mutation that cannot be made; whether the request fails is for the failure policy to say. */
export class MutationError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'MutationError'
  }
}
