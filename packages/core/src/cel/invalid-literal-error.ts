/** A literal of the right form whose value does not exist. The message is cel-go's. */
export class InvalidLiteralError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'InvalidLiteralError'
  }
}
