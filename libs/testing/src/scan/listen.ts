import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { ClientRequest, IncomingMessage } from 'node:http'
import type { Server } from '@minaintyg/service'
import type { Recorder } from './recorder.ts'

/** Where createLogger tells every finished line, and the test database what its tables hold. */
const logChannel = 'minaintyg:log'
export const tableChannel = 'minaintyg:table'
export const plantedChannel = 'minaintyg:planted'

type Headers = Record<string, string | string[] | number | undefined>

function lookAtHeaders(recorder: Recorder, headers: Headers): void {
  for (const [name, value] of Object.entries(headers)) {
    for (const each of [value].flat()) if (each !== undefined) recorder.header(name, String(each))
  }
}

function fromPairs(pairs: unknown): Headers {
  if (!Array.isArray(pairs)) return {}
  const headers: Headers = {}
  for (let index = 0; index + 1 < pairs.length; index += 2) {
    headers[String(pairs[index])] = String(pairs[index + 1])
  }
  return headers
}

/** What our servers are asked and answer; injected requests pass here alone. */
function watchServer(app: Server, recorder: Recorder): void {
  app.addHook('onRequest', async ({ raw }) => {
    recorder.address(raw.url ?? '')
    lookAtHeaders(recorder, raw.headers)
  })
  app.addHook('preHandler', async ({ body }) => {
    if (typeof body === 'string') recorder.tokens(body)
    else if (typeof body === 'object' && body !== null && !Buffer.isBuffer(body)) {
      for (const value of Object.values(body)) if (typeof value === 'string') recorder.tokens(value)
    }
  })
  app.addHook('onResponse', async (_request, reply) => {
    const location = reply.getHeader('location')
    if (typeof location === 'string') recorder.address(location)
  })
}

type Listener = (message: unknown) => void

function listenersOf(recorder: Recorder): Record<string, Listener> {
  return {
    'undici:request:create': (message) => {
      const { request } = message as {
        request: { origin?: unknown; path: string; headers: unknown }
      }
      recorder.address(request.path)
      lookAtHeaders(recorder, fromPairs(request.headers))
    },
    'undici:request:bodyChunkSent': (message) => {
      const { chunk } = message as { chunk: string | Uint8Array }
      const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('latin1')
      recorder.tokens(text)
    },
    'http.client.request.start': (message) => {
      const { request } = message as { request: ClientRequest }
      recorder.address(request.path)
      lookAtHeaders(recorder, request.getHeaders())
    },
    'http.server.request.start': (message) => {
      const { request } = message as { request: IncomingMessage }
      recorder.address(request.url ?? '')
      lookAtHeaders(recorder, request.headers)
    },
    'fastify.initialization': (message) => {
      watchServer((message as { fastify: Server }).fastify, recorder)
    },
    [logChannel]: (message) => {
      recorder.look('log', String(message))
    },
    [plantedChannel]: (message) => {
      recorder.plant(String(message))
    },
    [tableChannel]: (message) => {
      const { channel, text } = message as { channel: 'event' | 'table'; text: string }
      recorder.look(channel, text)
    },
  }
}

/** Listens to everything that this process asks, answers, logs and stores. @returns what ends it */
export function listen(recorder: Recorder): () => void {
  const listeners = Object.entries(listenersOf(recorder))
  for (const [name, listener] of listeners) subscribe(name, listener)
  return () => {
    for (const [name, listener] of listeners) unsubscribe(name, listener)
  }
}
