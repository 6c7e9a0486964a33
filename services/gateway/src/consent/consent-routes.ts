import { GiveConsent } from '@minaintyg/contracts'
import type { Server } from '@minaintyg/service'
import { passOnText } from '../clients/passing-on.ts'
import { bodyFailures, changeFailures, json, patientFailures } from '../documentation/responses.ts'
import type { PatientCall } from '../session/patient-calls.ts'
import type { WithdrawConsent } from './withdraw-consent.ts'

interface Deps {
  consent: PatientCall
  withdrawConsent: WithdrawConsent
}

export function consentRoutes({ consent, withdrawConsent }: Deps) {
  return async (app: Server): Promise<void> => {
    app.get('/consent', {
      config: { access: 'open' },
      schema: {
        operationId: 'getConsent',
        tags: ['consent'],
        summary: 'The consent text, and what the patient has said to it',
        description:
          'The text in force, in Swedish, or English by `Accept-Language`, the state, and the history. Show every paragraph before you offer to give consent.',
        response: {
          200: json('Consent', 'Text, state and history'),
          ...patientFailures('consent.unavailable'),
        },
      },
      handler: async (request, reply) =>
        passOnText(reply, await consent(request, { path: '/consent' })),
    })

    app.post('/consent', {
      config: { access: 'open' },
      schema: {
        operationId: 'giveConsent',
        tags: ['consent'],
        summary: 'Give consent',
        description:
          'To the version of the text that was shown. Twice, or in two tabs, is the same as once. When the text has changed meanwhile: show the new one and ask anew.',
        body: GiveConsent,
        response: {
          200: json('Consent', 'It was given to this version before'),
          201: json('Consent', 'It is given now'),
          ...bodyFailures('consent.text-outdated', 'consent.unavailable'),
        },
      },
      handler: async (request, reply) =>
        passOnText(
          reply,
          await consent(request, { method: 'POST', path: '/consent', body: request.body }),
        ),
    })

    app.delete('/consent', {
      config: { access: 'open' },
      schema: {
        operationId: 'withdrawConsent',
        tags: ['consent'],
        summary: 'Withdraw consent',
        description:
          'Works from every state. From the next call on nothing is shown, in any session. The copies are erased, and what has not left is not sent. A count is null when that part answers later; it is done all the same.',
        response: {
          200: json('ConsentWithdrawal', 'It is withdrawn'),
          ...changeFailures('consent.unavailable'),
        },
      },
      handler: (request) => withdrawConsent(request),
    })
  }
}
