import { randomBytes } from 'node:crypto'

/** W3C Trace Context (level 1) of one request. */
export interface Trace {
  readonly traceId: string
  /** To send on with every call that this request causes. */
  readonly traceparent: string
  /** When whoever asked stops waiting (`performance.now()`): calls that this request causes wait no longer. */
  readonly deadline?: number
}

const pattern = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/
const zeros = /^0+$/
const hex = (bytes: number) => randomBytes(bytes).toString('hex')

/** Continues the caller's trace where its header is valid, else begins one. */
export function continueTrace(header: string | undefined): Trace {
  const [, traceId, parentId, flags] = pattern.exec(header ?? '') ?? []
  const valid =
    traceId !== undefined && parentId !== undefined && !zeros.test(traceId) && !zeros.test(parentId)
  const id = valid ? traceId : hex(16)
  return { traceId: id, traceparent: `00-${id}-${hex(8)}-${valid ? (flags ?? '00') : '01'}` }
}
