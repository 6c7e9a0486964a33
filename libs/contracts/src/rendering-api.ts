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
