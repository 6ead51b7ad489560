import type { ServerResponse } from 'node:http'
import { Exposition } from '@k1s/core/metrics'
import { answerNotFound, answerText } from '../manager/answer-text.ts'
import { serveOn, urlOf } from '../manager/bind-address.ts'
import { messageOf } from '../printable-error.ts'
import type { Registry } from './registry.ts'

/** Serves `/metrics`: `pkg/metrics/server`. */
export function serveMetrics(address: string, metrics: Registry) {
  return serveOn(address, (request, response) => {
    if (urlOf(request).pathname === '/metrics') answer(metrics, response)
    else answerNotFound(response)
  })
}

/** Collectors of the application may throw anything. */
function answer(metrics: Registry, response: ServerResponse): void {
  try {
    const text = metrics.text()
    response.writeHead(200, { 'Content-Type': Exposition.contentType }).end(text)
  } catch (error) {
    answerText(response, 500, `An error has occurred while serving metrics:\n\n${messageOf(error)}\n`)
  }
}
