import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import {
  Consent,
  ConsentState,
  ConsentWithdrawn,
  GiveConsent,
  PatientId,
  erasureParts,
  scopes,
} from '@minaintyg/contracts'
import { preferredLanguage, problemResponse } from '@minaintyg/service'
import type { Server } from '@minaintyg/service'
import { wordingIn } from '../texts/consent-texts.ts'
import type { ConsentTexts } from '../texts/consent-texts.ts'
import { summariseErasure } from '../erasures/erasure-model.ts'
import type { ErasureRepository } from '../erasures/erasure-repository.ts'
import { consentState, summarise } from './consent-model.ts'
import type { ConsentRecord } from './consent-model.ts'
import type { ConsentRepository } from './consent-repository.ts'
import type { DeclareConsent } from './declare-consent.ts'

interface Deps extends DeclareConsent {
  consents: ConsentRepository
  erasures: ErasureRepository
  texts: ConsentTexts
  now: () => Date
}

const languageOf = (request: FastifyRequest) =>
  preferredLanguage(request.headers['accept-language'])

const declarationOf = (request: FastifyRequest) => ({
  patientId: request.caller.subject,
  language: languageOf(request),
  channel: request.caller.clientId,
  loa: request.caller.acr ?? null,
  sessionId: request.caller.sid ?? null,
  traceparent: request.trace.traceparent,
})

export function consentRoutes(deps: Deps) {
  const { giveConsent, withdrawConsent, consents, erasures, texts, now } = deps

  // Of the last withdrawal alone: an earlier one was carried out, or is carried out with it.
  async function erasureOf(records: readonly ConsentRecord[]) {
    const withdrawal = records.find(({ kind }) => kind === 'withdrawn')
    if (withdrawal === undefined) return null
    return summariseErasure(await erasures.partsOf(withdrawal.id), erasureParts)
  }

  async function view(request: FastifyRequest): Promise<Consent> {
    const text = texts.current(now())
    const records = await consents.history(request.caller.subject)
    return {
      ...summarise(records, text),
      text: wordingIn(text, languageOf(request)),
      erasure: await erasureOf(records),
    }
  }

  return async (app: Server): Promise<void> => {
    app.get('/consent', {
      config: { access: scopes.patient },
      schema: {
        operationId: 'readConsent',
        response: { 200: Consent, '4xx': problemResponse, '5xx': problemResponse },
      },
      handler: (request) => view(request),
    })

    app.post('/consent', {
      config: { access: scopes.patient },
      schema: {
        operationId: 'giveConsent',
        body: GiveConsent,
        response: { 200: Consent, 201: Consent, '4xx': problemResponse, '5xx': problemResponse },
      },
      handler: async (request, reply) => {
        const isNew = await giveConsent({ ...declarationOf(request), ...request.body })
        return reply.code(isNew ? 201 : 200).send(await view(request))
      },
    })

    app.delete('/consent', {
      config: { access: scopes.patient },
      schema: {
        operationId: 'withdrawConsent',
        response: { 200: ConsentWithdrawn, '4xx': problemResponse, '5xx': problemResponse },
      },
      handler: async (request) => {
        const withdrawnAt = await withdrawConsent(declarationOf(request))
        return { withdrawnAt: withdrawnAt.toISOString() }
      },
    })

    app.get('/patients/:patientId/consent-state', {
      config: { access: scopes.consentState },
      schema: {
        operationId: 'readConsentState',
        params: Type.Object({ patientId: PatientId }),
        response: { 200: ConsentState, '4xx': problemResponse, '5xx': problemResponse },
      },
      handler: async (request) => {
        const latest = await consents.latest(request.params.patientId)
        return { state: consentState(latest, texts.current(now())) }
      },
    })
  }
}
