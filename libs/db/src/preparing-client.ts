import { createHash } from 'node:crypto'
import pg from 'pg'

const usesBefore = 5
/** Each holds a little memory in every connection's server process. */
const mostStatements = 200

// A plan for `*` breaks when a migration adds a column (Postgres: «cached plan must not change result type»).
const namesNoColumns = (text: string) => /(?:\b(?:select|returning)|[.,])\s*\*/i.test(text)

/** Names statements that come again, so that Postgres parses and plans them once a connection. */
function createNaming() {
  const uses = new Map<string, number>()
  const names = new Map<string, string>()
  return (text: string): string | undefined => {
    const known = names.get(text)
    if (known !== undefined) return known
    if (names.size >= mostStatements || namesNoColumns(text)) return undefined
    const count = (uses.get(text) ?? 0) + 1
    // What differs in every request, as a list of ids does, must not fill the memory.
    if (uses.size > 10 * mostStatements) uses.clear()
    uses.set(text, count)
    if (count <= usesBefore) return undefined
    const name = createHash('sha256').update(text).digest('base64url').slice(0, 22)
    names.set(text, name)
    uses.delete(text)
    return name
  }
}

/** A client of pg for one pool, which prepares the statements with parameters that the pool asks again and again. */
export function createPreparingClient(): typeof pg.Client {
  const nameOf = createNaming()
  return class PreparingClient extends pg.Client {
    override query(...args: unknown[]): never {
      const [text, values] = args
      const name = typeof text === 'string' && Array.isArray(values) ? nameOf(text) : undefined
      const asked = name === undefined ? args : [{ name, text, values }, ...args.slice(2)]
      // eslint-disable-next-line @typescript-eslint/unbound-method -- bound by what follows
      return Reflect.apply(super.query, this, asked) as never
    }
  }
}
