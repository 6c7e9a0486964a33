import Type from 'typebox'
import { Certificate } from '@minaintyg/certificate-model'
import { CertificateList as StoredList } from '@minaintyg/contracts'

export const CertificateId = Type.Object({
  id: Type.String({ format: 'uuid', description: 'The certificate’s id, as the list gives it' }),
})

const dispatchState = Type.Union([Type.Literal('known'), Type.Literal('unknown')], {
  description:
    '`unknown` while the part that sends does not answer: then no status says `notSent`, as it may have ceased to be true. `sent` stays true',
})

/** The list of certificate-store, and what only the gateway can say of it. */
export const CertificateList = Type.Object({
  ...StoredList.properties,
  dispatchState,
})

/** A whole certificate of certificate-store, as its patient reads it. */
export const OwnCertificate = Type.Object({ ...Certificate.properties, dispatchState })

export const DownloadLink = Type.Object({
  url: Type.String({ format: 'uri', description: 'Works once, without the cookie' }),
  expiresAt: Type.String({ format: 'date-time' }),
})

export const Page = Type.Object(
  {
    cursor: Type.Optional(
      Type.String({ maxLength: 500, description: '`nextCursor` of the page before' }),
    ),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 100, default: 20, description: 'Most on a page' }),
    ),
  },
  { additionalProperties: false },
)
