import type { Server } from '@minaintyg/service'
import Type from 'typebox'
import type { Behaviour } from './behaviour.ts'
import { modes } from './behaviour.ts'
import type { Books } from './books.ts'
import { page } from './page.ts'

const open = { config: { access: 'open' } } as const
const slowByDefault = 5_000

const Control = Type.Object(
  {
    mode: Type.Union(modes.map((mode) => Type.Literal(mode))),
    delay: Type.Optional(Type.Integer({ minimum: 0, maximum: 60_000 })),
  },
  { additionalProperties: false },
)

/** What people and programs see of it, and levers for tests and demonstrations. */
export function addRoutes(
  app: Server,
  { behaviour, books }: { behaviour: Behaviour; books: Books },
) {
  app.get('/', open, async (_request, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
      .send(page(behaviour.mode, await books.list())),
  )
  app.get('/dispatches', open, async () => ({ items: await books.list() }))
  app.get('/books', open, () => books.summary())
  app.get('/control', open, async () => behaviour)
  app.post('/control', { ...open, schema: { body: Control } }, async ({ body }) => {
    behaviour.mode = body.mode
    behaviour.delay = body.delay ?? (body.mode === 'slow' ? slowByDefault : 0)
    return behaviour
  })
}
