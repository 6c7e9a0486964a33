/** What the benchmark uses of it. Its published types bring those of browsers along, into every file here. */
declare module 'pdfmake' {
  interface Pdfmake {
    setFonts(fonts: Record<string, { normal: string }>): void
    setLocalAccessPolicy(allows: (path: string) => boolean): void
    setUrlAccessPolicy(allows: (url: string) => boolean): void
    createPdf(document: {
      pageSize: 'A4'
      pageMargins: number
      defaultStyle: { font: string }
      content: { font: string; fontSize: number; text: string }[]
    }): { getBuffer(): Promise<Uint8Array> }
  }
  const pdfmake: Pdfmake
  export { pdfmake as default }
}
