import type { Static } from 'typebox'
import type { Consent, SessionState } from '@minaintyg/contracts'
import { answerExamples, certificate, consentText } from './examples.ts'

interface OperationExamples {
  body?: unknown
  /** Of success, where the schema has no name. */
  answer?: unknown
  /** Of a failure that is no problem+json. */
  failure?: unknown
}

/** By operationId. */
export const operationExamples: Record<string, OperationExamples> = {
  giveConsent: { body: { textVersion: '1.0' } },
  sendCertificate: { body: { recipientId: 'FKASSA' } },
  sendReceipt: { body: answerExamples['ReceiptBody'] },
  getDispatchedDocument: { answer: certificate },
  requestToken: {
    body: {
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: 'eyJ…',
      scope: 'recipient',
      resource: 'urn:minaintyg:dispatch',
    },
    answer: { access_token: 'eyJ…', token_type: 'Bearer', expires_in: 300, scope: 'recipient' },
    failure: { error: 'invalid_client', error_description: 'client authentication failed' },
  },
  backchannelLogOut: { body: { logout_token: 'eyJ…' } },
}

/** How what is not JSON begins. */
export const textExamples: Record<string, string> = {
  'application/pdf': '%PDF-1.7\n…',
  'application/xml':
    '<?xml version="1.0" encoding="UTF-8"?>\n<RegisterCertificate>…</RegisterCertificate>',
  'text/html': '<!doctype html>\n<html lang="sv">…</html>',
}

const given = {
  kind: 'given',
  at: '2026-11-02T10:00:00Z',
  textVersion: '1.0',
  language: 'sv',
} as const
const withdrawn = { ...given, kind: 'withdrawn', at: '2026-11-04T10:00:00Z' } as const
const nobodySaid: Consent = {
  state: 'none',
  givenAt: null,
  withdrawnAt: null,
  acceptedVersion: null,
  text: { ...consentText, language: 'sv' },
  history: [],
}

/**
 * Answers with a null in them, which the document leads to instead of holding them.
 * @see answerExamples
 */
export const outsideExamples = {
  'consent-none': {
    schema: 'Consent',
    summary: 'Nothing has been said yet: show the text and ask',
    value: nobodySaid,
  },
  'consent-given': {
    schema: 'Consent',
    summary: 'Consent is given',
    value: {
      ...nobodySaid,
      state: 'given',
      givenAt: given.at,
      acceptedVersion: given.textVersion,
      history: [given],
    } satisfies Consent,
  },
  'consent-withdrawn': {
    schema: 'Consent',
    summary: 'Consent is withdrawn',
    value: {
      ...nobodySaid,
      state: 'withdrawn',
      withdrawnAt: withdrawn.at,
      history: [withdrawn, given],
    } satisfies Consent,
  },
  'session-nobody': {
    schema: 'SessionState',
    summary: 'Nobody is logged in',
    value: {
      authenticated: false,
      secondsUntilExpire: null,
      absoluteExpiry: null,
    } satisfies Static<typeof SessionState>,
  },
  'certificates-partial': {
    schema: 'CertificateList',
    summary: 'One journal could not be reached: what there is, and a word to the patient',
    value: {
      ...(answerExamples['CertificateList'] as object),
      sources: [
        {
          id: 'journal-a',
          name: 'Region Exempel',
          state: 'ok',
          fetchedAt: '2026-11-03T08:00:00Z',
        },
        { id: 'journal-b', name: 'Region Prov', state: 'unavailable', fetchedAt: null },
      ],
      total: 1,
      nextCursor: null,
    },
  },
} as const satisfies Record<string, { schema: string; summary: string; value: object }>

/** What leads to the examples of a schema that stand outside, where it has any. */
export function leadsToExamples(schema: string, publicUrl: string) {
  const all = Object.entries(outsideExamples).filter(([, each]) => each.schema === schema)
  return Object.fromEntries(
    all.map(([name, { summary }]) => [
      name,
      { summary, externalValue: `${publicUrl}/examples/${name}` },
    ]),
  )
}
