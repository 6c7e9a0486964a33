import type { Static } from 'typebox'
import type { Certificate, CertificateListItem } from '@minaintyg/certificate-model'
import type { Dispatch } from '@minaintyg/contracts'
import { sickLeaveGuide } from '../guides/sick-leave-model.ts'

const nextCursor = 'MjAyNi0xMS0wMlQwOToxNTowMFo'
const certificateId = '6c2ee8a4-8e5b-4f0c-9d0a-7b1f1f6a3c55'
const dispatchId = 'b0f6c4f3-1d0e-4c39-8a73-2f7c1d0f9e21'
const type = { code: 'LISJP', version: '1.3', name: 'Läkarintyg för sjukpenning' }

const item: CertificateListItem = {
  id: certificateId,
  type,
  issuedAt: '2026-11-02T09:15:00Z',
  issuer: { name: 'Ewa Testläkare' },
  unit: { id: 'SE-EXEMPEL-1', name: 'Exempelvårdcentralen' },
  careProvider: { id: 'SE-EXEMPEL', name: 'Region Exempel' },
  period: { from: '2026-11-02', to: '2026-11-22' },
  summary: { label: 'Avser perioden', value: '2 november – 22 november 2026' },
  statuses: ['new', 'notSent'],
  archived: false,
  readable: true,
  source: { id: 'journal-a', name: 'Region Exempel' },
}

export const certificate: Certificate = {
  ...item,
  patient: { name: 'Test Person', personalIdentityNumberMasked: '19900101-••••' },
  issuer: { name: 'Ewa Testläkare', titles: ['Läkare'], specialities: ['Allmänmedicin'] },
  unit: {
    id: 'SE-EXEMPEL-1',
    name: 'Exempelvårdcentralen',
    address: 'Exempelgatan 1',
    postalCode: '123 45',
    city: 'Exempelstad',
    telephone: '010-000 00 00',
    email: 'exempelvardcentralen@region.example',
  },
  sections: [
    {
      id: 'work-capacity',
      heading: 'Sjukskrivning',
      items: [
        {
          id: '32',
          label: 'Hur mycket arbetsförmågan är nedsatt',
          value: {
            type: 'table',
            columns: [
              { id: '32.1', label: 'Nedsättning' },
              { id: '32.2', label: 'Period' },
            ],
            rows: [
              [
                { type: 'text', text: 'Halva arbetstiden' },
                { type: 'period', from: '2026-11-02', to: '2026-11-22' },
              ],
            ],
          },
        },
        {
          id: '33',
          label: 'Behöver arbetstiden läggas ut på annat sätt?',
          value: { type: 'notStated' },
        },
      ],
    },
  ],
  relations: [],
  events: [{ kind: 'issued', at: '2026-11-02T09:15:00Z', text: 'Intyget är utfärdat' }],
  actions: {
    read: { allowed: true },
    save: { allowed: true },
    print: { allowed: true },
    send: { allowed: true, recipients: [{ id: 'FKASSA', name: 'Försäkringskassan' }] },
    hide: [],
  },
  nextSteps: [
    {
      id: 'apply-and-send',
      title: 'Ansök och skicka intyget',
      text: 'Ansök om sjukpenning hos Försäkringskassan, och skicka intyget dit härifrån. Är du anställd gör du det först om du är sjuk längre än 14 dagar.',
      action: 'send',
    },
  ],
  language: 'sv',
}

const dispatch: Static<typeof Dispatch> = {
  id: dispatchId,
  certificate: { id: certificateId, type },
  recipient: { id: 'FKASSA', name: 'Försäkringskassan' },
  state: 'queued',
  timeline: [{ state: 'queued', at: '2026-11-03T08:00:00Z', text: 'Intyget är på väg' }],
}
export const consentText = {
  version: '1.0',
  language: 'sv',
  title: 'Ditt samtycke till att visa dina intyg',
  paragraphs: ['Mina intyg samlar dina läkarintyg på ett ställe.'],
}
const person = {
  name: 'Test Person',
  personalIdentityNumberMasked: '19900101-••••',
  protectedIdentity: false,
  loa: 'http://id.elegnamnden.se/loa/1.0/loa3',
}

/**
 * What answers and bodies look like, by the names of their schemas. Nobody in them exists.
 * No value is null: the linter of the national profile falls over a null among the paths, so those stand outside.
 */
export const answerExamples: Partial<Record<string, unknown>> = {
  AccessLog: {
    items: [
      {
        at: '2026-11-03T08:00:00Z',
        action: 'read',
        outcome: 'allowed',
        actor: { kind: 'patient', name: 'Du' },
        certificateId,
        text: 'Du läste intyget',
      },
    ],
    nextCursor,
  },
  ApiInfo: {
    name: 'Mina intyg',
    version: '0.1.0',
    status: 'active',
    released: '2026-11-22',
    documentation: 'https://api.minaintyg.example/minaintyg/v1/docs',
  },
  Certificate: certificate,
  CertificateList: {
    dispatchState: 'known',
    items: [item],
    facets: {
      types: [{ value: 'LISJP', name: 'Läkarintyg för sjukpenning', count: 1 }],
      units: [{ value: 'SE-EXEMPEL-1', name: 'Exempelvårdcentralen', count: 1 }],
      years: [{ value: '2026', name: '2026', count: 1 }],
      statuses: [{ value: 'new', name: 'Nytt', count: 1 }],
    },
    sources: [
      { id: 'journal-a', name: 'Region Exempel', state: 'ok', fetchedAt: '2026-11-03T08:00:00Z' },
    ],
    total: 150,
    nextCursor,
  },
  OwnCertificate: { dispatchState: 'known', ...certificate },
  CertificateRecipients: {
    items: [
      {
        id: 'FKASSA',
        name: 'Försäkringskassan',
        allowed: false,
        reason: 'dispatch.already-sent',
        sent: { dispatchId, state: 'received', at: '2026-11-03T08:00:00Z' },
      },
    ],
  },
  ConsentWithdrawal: {
    withdrawnAt: '2026-11-04T10:00:00Z',
    erased: { certificates: 3 },
    cancelledDispatches: 0,
  },
  Dispatch: dispatch,
  DispatchList: { items: [dispatch], nextCursor },
  DownloadLink: {
    url: 'https://api.minaintyg.example/minaintyg/v1/downloads/EXAMPLE-OF-A-GRANT',
    expiresAt: '2026-11-03T08:01:00Z',
  },
  Me: { ...person, consent: 'given' },
  ReceiptBody: {
    id: '0d9f2c4e-6d7b-4a51-9f44-1f0b7f3f2a10',
    kind: 'received',
    at: '2026-11-03T08:00:05Z',
    reference: 'EX-2026-1',
  },
  RecipientFeed: { items: [], nextAfter: 17 },
  SessionEnded: { endSessionUrl: 'https://e-legitimation.example/session/end' },
  SessionState: {
    authenticated: true,
    secondsUntilExpire: 1740,
    absoluteExpiry: '2026-11-03T16:00:00Z',
  },
  SessionList: {
    items: [
      {
        id: '5f0c1d3e-8b1a-4c55-9a0e-7d6a2f1b9c44',
        createdAt: '2026-11-03T08:00:00Z',
        lastSeenAt: '2026-11-03T08:01:00Z',
        current: true,
        loa: 'http://id.elegnamnden.se/loa/1.0/loa3',
      },
    ],
  },
  SessionsEnded: { ended: 1 },
  SickLeaveGuide: sickLeaveGuide('employed', '2026-11-02', 'sv'),
  SignedConsentProof: {
    proof: {
      issuer: 'https://api.minaintyg.example/minaintyg/v1',
      issuedAt: '2026-11-05T10:00:00Z',
      patientId: '9a0b7c1d-2e3f-4a5b-8c6d-7e8f9a0b1c2d',
      statements: [
        {
          id: '1b2c3d4e-5f60-4718-a9b0-c1d2e3f4a5b6',
          kind: 'given',
          at: '2026-11-02T10:00:00Z',
          textVersion: '1.0',
          language: 'sv',
          channel: 'gateway',
          loa: 'http://id.elegnamnden.se/loa/1.0/loa3',
          sessionId: '5f0c1d3e-8b1a-4c55-9a0e-7d6a2f1b9c44',
        },
      ],
      texts: [consentText],
    },
    jws: 'eyJ…',
  },
  Verification: {
    genuine: true,
    type: { code: type.code, name: type.name },
    issuedAt: '2026-11-02T09:15:00Z',
    unit: { name: 'Exempelvårdcentralen' },
    status: 'valid',
    adapted: false,
  },
}
