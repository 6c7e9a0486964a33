import Type from 'typebox'
import type { Static } from 'typebox'
import { CertificateListItem } from './certificate.ts'

const { issuedAt, period } = CertificateListItem.properties
const NullableDate = Type.Union([Type.String({ format: 'date' }), Type.Null()])
const Named = Type.Object({ name: Type.String() }, { additionalProperties: false })

/**
 * All that an employer ever gets of a certificate: who, when and how much. It is a list of what may be told, not of what
 * is left out: no question of a form is in it, so that nothing a doctor writes anywhere can be.
 */
export const EmploymentCopy = Type.Object(
  {
    id: CertificateListItem.properties.id,
    issuedAt,
    patient: Type.Object(
      { name: Type.Union([Type.String(), Type.Null()]) },
      { additionalProperties: false },
    ),
    issuer: Named,
    unit: Named,
    period,
    degrees: Type.Array(
      Type.Object(
        {
          percent: Type.Integer({
            minimum: 0,
            maximum: 100,
            description: 'How much the ability to work is reduced',
          }),
          from: NullableDate,
          to: NullableDate,
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false, description: 'What an employer gets of a certificate' },
)
export type EmploymentCopy = Static<typeof EmploymentCopy>
