import Type from 'typebox'

export const OAuthToken = Type.Object({
  access_token: Type.String(),
  token_type: Type.Literal('Bearer'),
  expires_in: Type.Integer(),
  scope: Type.Optional(Type.String()),
})

export const OAuthError = Type.Object({
  error: Type.String({ description: 'RFC 6749, section 5.2' }),
  error_description: Type.Optional(Type.String()),
})
