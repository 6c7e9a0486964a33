import { journalContents } from '../../../deploy/local/src/journal/certificates/journal-contents.ts'
import { listResponse } from '../../../deploy/local/src/journal/soap.ts'
import { parseCertificateDocument } from '../src/rivta/certificate-document.ts'

/** Whose certificates a journal answers with. */
export const personNumber = '191212121212'

const paragraph =
  'Patienten har haft ont i ryggen sedan i våras & kan inte lyfta. Vid undersökning ses nedsatt rörlighet.\n'

/** Long answers to questions of the unit's own, as units in operation ask them. */
function longAnswers(characters: number): string {
  const answer = paragraph.repeat(10).replaceAll('&', '&amp;')
  const count = Math.max(0, Math.floor(characters / answer.length))
  return Array.from(
    { length: count },
    (_, index) =>
      `<c:svar id="${9001 + index}"><c:delsvar id="${9001 + index}.1">${answer}</c:delsvar></c:svar>`,
  ).join('')
}

/** One of them is there to show what cannot be read. */
const isReadable = ({ xml }: { xml: string }): boolean =>
  parseCertificateDocument(Buffer.from(xml)).every(({ readable }) => readable)

/** A journal's answer, of so many certificates of all the types, each about so many bytes long. */
export function answerOf(certificates: number, { bytesOfEach = 0 } = {}): Buffer {
  const contents = Object.values(journalContents(new Date('2026-06-01T12:00:00Z'))).flat()
  const known = contents.filter(isReadable)
  const chosen = Array.from({ length: certificates }, (_, index) => {
    const certificate = known[index % known.length]
    if (certificate === undefined) throw new Error('There are no certificates')
    const { xml, id } = certificate
    const renamed = xml
      .replaceAll(id, `bench-${index}`)
      .replaceAll(certificate.personNumber, personNumber)
    // Behind the last answer, where there is one.
    const end = renamed.lastIndexOf('</c:svar>') + '</c:svar>'.length
    const more = end < '</c:svar>'.length ? '' : longAnswers(bytesOfEach - xml.length)
    return {
      ...certificate,
      id: `bench-${index}`,
      xml: renamed.slice(0, end) + more + renamed.slice(end),
    }
  })
  return Buffer.from(listResponse(4, chosen))
}
