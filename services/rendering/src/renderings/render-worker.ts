import { move } from 'piscina'
import type { Certificate } from '@minaintyg/certificate-model'
import { renderCertificate } from '../drawing/document.ts'
import { loadFonts } from '../drawing/fonts.ts'

const fonts = loadFonts()

/** What a worker thread runs; piscina takes the default export or one by this name. */
export async function render(certificate: Certificate) {
  const bytes = new Uint8Array(await renderCertificate(certificate, { fonts }))
  return move(bytes)
}
