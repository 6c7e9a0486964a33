import { channel } from 'node:diagnostics_channel'
import { pino } from 'pino'
import type { DestinationStream, Logger, LoggerOptions, StreamEntry } from 'pino'
import { activeTraceId } from '@minaintyg/telemetry'
import { redactPersonalNumbers } from '@minaintyg/personal-number'

/** An error as it may stand in a log: kind, code and stack. Messages of foreign errors may quote data. */
function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error }
  const { code } = error as { code?: unknown }
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return {
    type: error.name,
    ...(typeof code === 'string' ? { code } : {}),
    message: error.message.slice(0, 300),
    stack: frames.slice(0, 12).map((line) => line.trim()),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  }
}

/** Every finished line from debug up, whatever a logger's own level: for whoever looks through what is logged. */
const watchers = channel('minaintyg:log')
const watchedLevel = 'debug'

function watched(options: LoggerOptions, destination: DestinationStream | undefined): Logger {
  const { level = 'info' } = options
  const own = level === 'silent' ? [] : [{ level, stream: destination ?? pino.destination(1) }]
  const watching = {
    write: (line: string) => {
      watchers.publish(line)
    },
  }
  const streams = [...own, { level: watchedLevel, stream: watching }]
  const lowest = level === 'trace' ? level : watchedLevel
  return pino({ ...options, level: lowest }, pino.multistream(streams as StreamEntry[]))
}

export interface LogOptions {
  name: string
  level?: string
  /** Standard output where left out. */
  destination?: DestinationStream
}

/**
 * One JSON line an event. Levels: error = someone must act, warn = look in daylight, info = a domain event or a request.
 * Whatever looks like a personal number is blotted out of the finished line.
 */
export function createLogger({ name, level = 'info', destination }: LogOptions): Logger {
  const options: LoggerOptions = {
    level,
    timestamp: pino.stdTimeFunctions.isoTime,
    base: { service: name },
    // What a request or an event causes says whose it is; a line’s own word goes first.
    mixin: () => {
      const traceId = activeTraceId()
      return traceId === undefined ? {} : { traceId }
    },
    mixinMergeStrategy: (entry: object, trace: object) => ({ ...trace, ...entry }),
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: describeError, error: describeError },
    redact: {
      paths: ['authorization', 'cookie', 'token', '*.authorization', '*.cookie', '*.token'],
      censor: '[redacted]',
    },
    hooks: { streamWrite: redactPersonalNumbers },
  }
  if (watchers.hasSubscribers) return watched(options, destination)
  return destination === undefined ? pino(options) : pino(options, destination)
}
