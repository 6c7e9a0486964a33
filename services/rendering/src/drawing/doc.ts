import type PDFDocument from 'pdfkit'

export type Doc = InstanceType<typeof PDFDocument>
/** Of the structure tree. */
export type Element = ReturnType<Doc['struct']>
