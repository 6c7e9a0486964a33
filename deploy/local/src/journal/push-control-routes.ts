import { AppError } from '@minaintyg/errors'
import type { Server } from '@minaintyg/service'
import type { Static } from 'typebox'
import { Reference, controlErrors, findJournal } from './control-routes.ts'
import { wireTime } from './journal.ts'
import type { Journal } from './journal.ts'
import { canBePushed, createPusher } from './push.ts'
import type { PushAnswer, PushTarget } from './push.ts'

const errors = {
  notPossible: {
    code: 'push.not-possible',
    status: 409,
    title: 'It is told nowhere to push to, or the certificate is of an old format',
  },
  unanswered: { code: 'push.unanswered', status: 502, title: 'Nobody answered the push' },
} as const

/** Levers that make a journal push what it has, and revoke it where it pushes. The answer is what it was answered. */
export function addPushControl(
  app: Server,
  journals: readonly Journal[],
  { target, now }: { target: PushTarget | undefined; now: () => Date },
): void {
  const pushers = new Map(
    target === undefined
      ? []
      : journals.map(({ id, hsaId }) => [id, createPusher(target, hsaId)] as const),
  )
  app.addHook('onClose', async () => {
    await Promise.all([...pushers.values()].map((pusher) => pusher.close()))
  })

  function find({ source, id }: Static<typeof Reference>) {
    const journal = findJournal(journals, source)
    const certificate = journal.certificates.find((each) => each.id === id)
    if (certificate === undefined) throw new AppError(controlErrors.certificateUnknown)
    const pusher = pushers.get(source)
    if (pusher === undefined || !canBePushed(certificate)) throw new AppError(errors.notPossible)
    return { journal, certificate, pusher }
  }
  async function answered(push: Promise<PushAnswer>): Promise<PushAnswer> {
    try {
      return await push
    } catch (cause) {
      throw new AppError(errors.unanswered, { cause })
    }
  }

  const options = { config: { access: 'open' }, schema: { body: Reference } } as const
  app.post('/control/pushes', options, async ({ body }) => {
    const { certificate, pusher } = find(body)
    return answered(pusher.register(certificate))
  })

  app.post('/control/pushed-revocations', options, async ({ body }) => {
    const { journal, certificate, pusher } = find(body)
    journal.revoke(body.id, now())
    return answered(pusher.revoke(certificate, wireTime(now())))
  })
}
