/** Of sockets and of name look-ups. */
const network = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
])

/**
 * Of Postgres: class 08 is the connection, 57P01-57P03 its end and its start, 53300 too many connections, 25P03 and
 * 57014 what took longer than it may, 25006 a replica that is not the primary any more.
 */
const postgres = /^(08...|57P0[1-3]|53300|25P03|57014|25006)$/

/** pg gives these no code. */
const unnamed =
  /^(timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error)/

/** Whether an error says that a database or another server is away: nothing is wrong with the request, and waiting helps. */
export function isLostDependency(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false
  const { code, message, cause } = error as { code?: unknown; message?: unknown; cause?: unknown }
  if (typeof code === 'string' && (network.has(code) || postgres.test(code))) return true
  return (typeof message === 'string' && unnamed.test(message)) || isLostDependency(cause)
}
