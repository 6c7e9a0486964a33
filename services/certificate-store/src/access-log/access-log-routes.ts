import { AccessLog as AccessLogView, scopes } from '@minaintyg/contracts'
import { AppError } from '@minaintyg/errors'
import { preferredLanguage, problemResponse } from '@minaintyg/service'
import type { Server } from '@minaintyg/service'
import Type from 'typebox'
import { errors } from '../errors.ts'
import type { AccessLog } from './access-log-repository.ts'
import { accessText, actorName } from './access-log-texts.ts'
import type { RecipientDirectory } from '../certificates/recipient-directory.ts'

const Query = Type.Object(
  {
    cursor: Type.Optional(Type.String({ maxLength: 100 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
  },
  { additionalProperties: false },
)

const encode = (position: number) => Buffer.from(`a${position}`).toString('base64url')

function decode(cursor: string): number {
  const position = /^a(\d{1,15})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1'))?.[1]
  if (position === undefined) throw new AppError(errors.cursorInvalid)
  return Number(position)
}

/** The patient's own log stays theirs to read, with consent or without. */
export function accessLogRoutes(deps: {
  accessLog: AccessLog
  sourceName: (id: string) => string
  directory: RecipientDirectory
}) {
  const { accessLog, sourceName, directory } = deps
  return async (app: Server): Promise<void> => {
    app.get('/access-log', {
      config: { access: scopes.patient },
      schema: {
        operationId: 'listAccesses',
        querystring: Query,
        response: { 200: AccessLogView, '4xx': problemResponse, '5xx': problemResponse },
      },
      handler: async (request) => {
        const { cursor, limit = 20 } = request.query
        const before = cursor === undefined ? undefined : decode(cursor)
        const language = preferredLanguage(request.headers['accept-language'])
        const names = { language, sourceName, recipientName: (id: string) => directory.nameOf(id) }
        const found = await accessLog.list(request.caller.subject, { before, limit: limit + 1 })
        const page = found.slice(0, limit)
        const last = page.at(-1)
        return {
          items: page.map((access) => ({
            at: access.at.toISOString(),
            action: access.action,
            outcome: access.outcome,
            actor: { kind: access.actorKind, name: actorName(access, names) },
            certificateId: access.certificateId,
            text: accessText(access, names),
          })),
          nextCursor: found.length > limit && last !== undefined ? encode(last.position) : null,
        }
      },
    })
  }
}
