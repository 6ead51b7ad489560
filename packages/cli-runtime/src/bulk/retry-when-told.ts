import { isTooManyRequests, suggestedClientDelay } from '@k1s/apimachinery'

const maxAttempts = 10

/** Repeats a request as long as the server says that it should be sent again later. */
export async function retryWhenTold<T>(request: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await request()
    } catch (error) {
      const seconds = suggestedClientDelay(error) ?? (isTooManyRequests(error) ? 1 : undefined)
      if (seconds === undefined || attempt === maxAttempts) throw error
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
    }
  }
}
