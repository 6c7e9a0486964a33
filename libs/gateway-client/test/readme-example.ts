import {
  ProblemError,
  ask,
  createGatewayClient,
  createSessionWatcher,
  follow,
  goToLogIn,
  items,
  sentenceOfError,
} from '@minaintyg/gateway-client'
import type { Place } from '@minaintyg/gateway-client'

/** What pages are made of. In a browser: `createPatient('https://…/minaintyg/v1', location)`. */
export function createPatient(baseUrl: string, location: Place) {
  const api = createGatewayClient({
    baseUrl,
    language: () => 'sv',
    onSessionEnded: () => {
      // Whatever ended it: the patient logs in and comes back to this very page.
      goToLogIn(api, location)
    },
  })

  return {
    /** Every certificate that is not sent, over all pages of the list. */
    async typesToSend(): Promise<string[]> {
      const names: string[] = []
      const fetchPage = (cursor: string | undefined) =>
        ask(
          api.GET('/certificates', {
            params: { query: { status: ['notSent'], ...(cursor && { cursor }) } },
          }),
        )
      for await (const { type } of items(fetchPage)) names.push(type.name)
      return names
    },

    /** Sends one, and says each time that something has happened with it. */
    async send(id: string, recipientId: string, key: string, say: (text: string) => void) {
      try {
        const sent = await ask(
          api.POST('/certificates/{id}/dispatches', {
            // One key for each decision to send: the same again sends nothing twice.
            params: { path: { id }, header: { 'Idempotency-Key': key } },
            body: { recipientId },
          }),
        )
        const path = { id: sent.id }
        const look = () => ask(api.GET('/dispatches/{id}', { params: { path } }))
        const isDone = ({ state }: { state: string }) => state === 'accepted'
        for await (const { timeline } of follow(look, { isDone })) say(timeline.at(-1)?.text ?? '')
      } catch (error) {
        const isReplaced = error instanceof ProblemError && error.code === 'certificate.replaced'
        say(isReplaced ? 'Öppna det nya intyget i stället.' : sentenceOfError(error, 'sv'))
      }
    },

    /** Two minutes before the session ends; `extend()` of what it gives is the patient's yes. */
    watchSession: (show: (endsAt: Date) => void, hide: () => void) =>
      createSessionWatcher(api, {
        onWarning: ({ endsAt }) => {
          show(endsAt)
        },
        onExtended: hide,
        onExpired: () => {
          goToLogIn(api, location)
        },
      }),
  }
}
