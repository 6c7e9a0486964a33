import Type from 'typebox'
import type { Static } from 'typebox'
import { Certificate } from '@minaintyg/certificate-model'

/** GET /certificates/{id}/pdf (patient) → application/pdf */
export const PdfQuery = Type.Object(
  {
    hide: Type.Optional(
      Type.Literal('diagnosis', {
        description: 'Only what the certificate’s `actions.hide` offers',
      }),
    ),
    disposition: Type.Optional(
      Type.Union([Type.Literal('inline'), Type.Literal('attachment')], {
        default: 'attachment',
        description: 'inline to show or print, attachment to save',
      }),
    ),
  },
  { additionalProperties: false },
)
export type PdfQuery = Static<typeof PdfQuery>

/** POST /renderings (scope render) → application/pdf of a certificate that the caller holds */
export const RenderCertificate = Type.Object(
  { certificate: Certificate },
  { additionalProperties: false },
)

/**
 * GET /certificates/{id}/copy?purpose=save|print&hide=diagnosis at certificate-store (patient, through rendering): what a
 * copy is made of. The access log is written for the purpose, as it is for reading. The certificate comes whole: rendering
 * hides, and `hide` decides over the verification mark alone.
 */
export const CertificateCopy = Type.Object({
  certificate: Certificate,
  original: Type.Union([
    Type.Object(
      {
        mediaType: Type.Literal('application/xml'),
        bytes: Type.String({ description: 'Base64 of the very bytes that the journal gave' }),
      },
      { description: 'The document that the certificate was read from' },
    ),
    Type.Null(),
  ]),
  verification: Type.Optional(
    Type.Union([
      Type.Object(
        {
          url: Type.String({
            description: 'Where whoever holds the paper sees that it is genuine',
          }),
        },
        { description: 'Drawn on the copy; the same for the same certificate and `hide`' },
      ),
      Type.Null(),
    ]),
  ),
})
export const CopyQuery = Type.Object(
  {
    purpose: Type.Union([Type.Literal('save'), Type.Literal('print')]),
    hide: PdfQuery.properties.hide,
  },
  { additionalProperties: false },
)
export type CertificateCopy = Static<typeof CertificateCopy>
