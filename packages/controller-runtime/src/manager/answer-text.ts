import type { ServerResponse } from 'node:http'

/** Answers with plain text: `http.Error` of Go. */
export function answerText(response: ServerResponse, code: number, body: string): void {
  const headers = { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' }
  response.writeHead(code, headers).end(body)
}

/** `http.NotFound` of Go. */
export function answerNotFound(response: ServerResponse): void {
  answerText(response, 404, '404 page not found\n')
}
