import type { Certificate } from '@minaintyg/certificate-model'
import { drawAnswers } from './answers.ts'
import type { Attachment } from './attachment.ts'
import type { Subset } from './conformance.ts'
import { composeDocument, fileDate } from './document.ts'
import type { Drawn } from './document.ts'
import type { Fonts } from './fonts.ts'
import { drawHeader } from './header.ts'
import { drawVerificationMark } from './verification-mark.ts'
import type { Verification } from './verification-mark.ts'
import { wholeNumber } from './whole-number.ts'
import { localTime, wordingFor } from './wording.ts'
import type { Wording } from './wording.ts'

/** The document as the journal gave it, whose contents the drawing shows. */
export type Original = Pick<Attachment, 'bytes'> & { mediaType: 'application/xml' }

export interface DrawingOptions {
  fonts: Fonts
  /** Attached, but for a copy that the patient adapted; and where the patient's whole number is taken from. */
  original?: Original | undefined
  /** Where the one who holds the paper can see that it is genuine. */
  verification?: Verification | undefined
  subset?: Subset
}

const isAdapted = ({ adapted = [] }: Certificate): boolean => adapted.length > 0

function furnitureOf(certificate: Certificate, wording: Wording) {
  const { id, type, issuer, issuedAt } = certificate
  const at = localTime(issuedAt)
  return {
    notice: isAdapted(certificate) ? wording.adapted : undefined,
    foot: wording.foot(issuer.name, at),
    id: `${wording.certificateId} ${id}`,
    running: wording.running(type.name, at),
    page: wording.page,
  }
}

/** Draws a certificate as it is given; the same certificate, options and fonts give the same bytes. */
export async function renderCertificate(
  certificate: Certificate,
  { fonts, original, verification, subset = 'PDF/A-3a' }: DrawingOptions,
): Promise<Drawn> {
  const wording = wordingFor(certificate.language)
  const mark = isAdapted(certificate) ? ` (${wording.adapted})` : ''
  const setup = {
    fonts,
    title: `${certificate.type.name}, ${certificate.id}${mark}`,
    language: certificate.language,
    at: fileDate(certificate.issuedAt),
    producer: wording.producer,
    furniture: furnitureOf(certificate, wording),
    attachment:
      original === undefined || isAdapted(certificate)
        ? undefined
        : { ...original, name: 'certificate.xml', description: wording.originalDocument },
    subset,
  }
  return composeDocument(setup, (sheet, root) => {
    const masked = certificate.patient.personalIdentityNumberMasked
    const personalIdentityNumber = original && wholeNumber(original.bytes, masked)
    drawHeader(sheet, root, { certificate, wording, personalIdentityNumber })
    if (verification !== undefined) drawVerificationMark(sheet, root, verification, wording)
    drawAnswers(sheet, root, certificate, wording)
  })
}
