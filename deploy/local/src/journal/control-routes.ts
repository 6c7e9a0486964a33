import Type from 'typebox'
import { AppError } from '@minaintyg/errors'
import type { Server } from '@minaintyg/service'
import { modes } from './journal.ts'
import type { Journal } from './journal.ts'

export const controlErrors = {
  journalUnknown: { code: 'journal.unknown', status: 404, title: 'There is no such journal' },
  certificateUnknown: {
    code: 'certificate.not-found',
    status: 404,
    title: 'The journal has no such certificate',
  },
  documentUnreadable: {
    code: 'document.unreadable',
    status: 422,
    title: 'The document is not XML or holds no certificate',
  },
} as const

const closed = { additionalProperties: false } as const
const source = Type.String()
const slowByDefault = 10_000

const Control = Type.Object(
  {
    source,
    mode: Type.Union(modes.map((mode) => Type.Literal(mode))),
    delay: Type.Optional(Type.Integer({ minimum: 0, maximum: 60_000 })),
  },
  closed,
)
// The number is in the body and never in an address, which logs keep.
const Load = Type.Object(
  { source, personNumber: Type.String({ pattern: '^\\d{12}$' }), document: Type.String() },
  closed,
)
export const Reference = Type.Object({ source, id: Type.String() }, closed)

export function findJournal(journals: readonly Journal[], id: string): Journal {
  const journal = journals.find((each) => each.id === id)
  if (journal === undefined) throw new AppError(controlErrors.journalUnknown)
  return journal
}

/** Levers for tests and demonstrations. A journal in operation has none of them. */
export function addControl(app: Server, journals: readonly Journal[], now: () => Date): void {
  const open = { config: { access: 'open' } } as const
  const find = (id: string) => findJournal(journals, id)
  const view = ({ id, name, version, behaviour }: Journal) => ({ id, name, version, ...behaviour })

  app.get('/control', open, async () => ({ sources: journals.map(view) }))

  app.post('/control', { ...open, schema: { body: Control } }, async ({ body }) => {
    const journal = find(body.source)
    journal.behaviour.mode = body.mode
    journal.behaviour.delay = body.delay ?? (body.mode === 'slow' ? slowByDefault : 0)
    return view(journal)
  })

  app.post(
    '/control/certificates',
    { ...open, schema: { body: Load } },
    async ({ body }, reply) => {
      let ids: string[]
      try {
        ids = find(body.source).load(body.document, body.personNumber)
      } catch (cause) {
        if (cause instanceof AppError) throw cause
        throw new AppError(controlErrors.documentUnreadable, { cause })
      }
      if (ids.length === 0) throw new AppError(controlErrors.documentUnreadable)
      return reply.code(201).send({ ids })
    },
  )

  app.delete(
    '/control/certificates',
    { ...open, schema: { body: Reference } },
    async ({ body }, reply) => {
      if (!find(body.source).remove(body.id)) throw new AppError(controlErrors.certificateUnknown)
      return reply.code(204).send()
    },
  )

  app.post(
    '/control/revocations',
    { ...open, schema: { body: Reference } },
    async ({ body }, reply) => {
      if (!find(body.source).revoke(body.id, now()))
        throw new AppError(controlErrors.certificateUnknown)
      return reply.code(204).send()
    },
  )

  app.post(
    '/control/archivings',
    { ...open, schema: { body: Reference } },
    async ({ body }, reply) => {
      if (!find(body.source).archive(body.id, now()))
        throw new AppError(controlErrors.certificateUnknown)
      return reply.code(204).send()
    },
  )
}
