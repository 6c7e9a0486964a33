import Type from 'typebox'

export const ApiInfo = Type.Object({
  name: Type.String(),
  version: Type.String(),
  status: Type.Union([Type.Literal('active'), Type.Literal('deprecated')]),
  released: Type.String({ format: 'date' }),
  documentation: Type.String({ format: 'uri' }),
})
