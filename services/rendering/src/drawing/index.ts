export { renderCertificate } from './document.ts'
export { loadFonts } from './fonts.ts'
export type { Fonts } from './fonts.ts'
