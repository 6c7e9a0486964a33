import Type from 'typebox'

export const CertificateId = Type.Object({
  id: Type.String({ format: 'uuid', description: 'The certificate’s id, as the list gives it' }),
})

export const DownloadLink = Type.Object({
  url: Type.String({ format: 'uri', description: 'Works once, without the cookie' }),
  expiresAt: Type.String({ format: 'date-time' }),
})

export const Page = Type.Object(
  {
    cursor: Type.Optional(
      Type.String({ maxLength: 500, description: '`nextCursor` of the page before' }),
    ),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 100, default: 20, description: 'Most on a page' }),
    ),
  },
  { additionalProperties: false },
)
