import { constants, setPriority } from 'node:os'
import { move, transferableSymbol, valueSymbol } from 'piscina'
import type { Certificate } from '@minaintyg/certificate-model'
import type { SignedConsentProof } from '@minaintyg/contracts'
import { loadFonts, renderCertificate, renderConsentProof } from '../drawing/index.ts'
import type { Drawn, DrawingOptions } from '../drawing/index.ts'

export interface RenderTask {
  certificate: Certificate
  options: Omit<DrawingOptions, 'fonts'>
}

export interface ConsentProofTask {
  signed: SignedConsentProof
  language: 'sv' | 'en'
}

// A list goes before a document where there is one processor for both. On Linux it is this thread alone that steps back.
if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_BELOW_NORMAL)

const fonts = loadFonts()

/** Hands the bytes over to the service's own thread instead of copying them. */
function handOver({ bytes, undrawn }: Drawn) {
  const drawn: Drawn = { bytes: new Uint8Array(bytes), undrawn }
  return move({ [transferableSymbol]: drawn.bytes.buffer, [valueSymbol]: drawn })
}

/** Answers once this file has been run, fonts and all. */
export const warm = (): void => undefined

/** What a worker thread runs, by these names. */
export async function render({ certificate, options }: RenderTask) {
  return handOver(await renderCertificate(certificate, { ...options, fonts }))
}

export async function renderProof({ signed, language }: ConsentProofTask) {
  return handOver(await renderConsentProof(signed, { fonts, language }))
}
