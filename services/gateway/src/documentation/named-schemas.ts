import Type from 'typebox'
import type { TSchema } from 'typebox'
import {
  AnswerValue,
  CellValue,
  Certificate,
  CertificateActions,
  CertificateEvent,
  CertificateItem,
  CertificateListItem,
  CertificateRelation,
  CertificateSection,
  CertificateStatus,
  CertificateType,
  NextStep,
  ScalarValue,
} from '@minaintyg/certificate-model'
import {
  AccessLog,
  AccessLogEntry,
  CertificateRecipients,
  CertificateSource,
  Consent,
  ConsentProof,
  ConsentText,
  Dispatch,
  DispatchList,
  DispatchState,
  Person,
  ReceiptBody,
  RecipientFeed,
  SessionEnded,
  SessionList,
  SessionState,
  SessionsEnded,
  SignedConsentProof,
  Verification,
} from '@minaintyg/contracts'
import { ConsentWithdrawal } from '../consent/consent-schemas.ts'
import {
  CertificateList,
  DownloadLink,
  OwnCertificate,
} from '../certificates/certificate-schemas.ts'
import { SickLeaveGuide } from '../guides/guide-schemas.ts'
import { Me } from '../me/me-schemas.ts'
import { ApiInfo } from '../meta/meta-schemas.ts'

/** Schemas that have a name in the OpenAPI document. */
export const namedSchemas = {
  AccessLog,
  AccessLogEntry,
  AnswerValue,
  ApiInfo,
  CellValue,
  Certificate,
  CertificateActions,
  CertificateEvent,
  CertificateItem,
  CertificateList,
  CertificateListItem,
  CertificateRecipients,
  CertificateRelation,
  CertificateSection,
  CertificateSource,
  CertificateStatus,
  CertificateType,
  Consent,
  ConsentProof,
  ConsentText,
  ConsentWithdrawal,
  Dispatch,
  DispatchList,
  DispatchState,
  DownloadLink,
  Me,
  NextStep,
  OwnCertificate,
  Person,
  ReceiptBody,
  RecipientFeed,
  ScalarValue,
  SessionEnded,
  SessionList,
  SessionState,
  SessionsEnded,
  SickLeaveGuide,
  SignedConsentProof,
  Verification,
} satisfies Record<string, TSchema>
export type SchemaName = keyof typeof namedSchemas

export const referenceTo = (name: SchemaName) => Type.Ref(name)
