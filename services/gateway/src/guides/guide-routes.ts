import Type from 'typebox'
import { preferredLanguage } from '@minaintyg/service'
import type { Server } from '@minaintyg/service'
import { empty, failures, json } from '../documentation/responses.ts'
import { Situation } from './guide-schemas.ts'
import { sickLeaveGuide } from './sick-leave-model.ts'

const SickLeaveQuery = Type.Object(
  {
    situation: Type.Unsafe<Situation>({
      ...Situation,
      description: 'What the patient lives on when well',
    }),
    from: Type.String({
      format: 'date',
      pattern: '^20\\d{2}-',
      description: 'First day of the sick leave',
    }),
  },
  { additionalProperties: false },
)

export async function guideRoutes(app: Server): Promise<void> {
  app.get('/guides/sick-leave', {
    config: { access: 'open' },
    schema: {
      operationId: 'getSickLeaveGuide',
      tags: ['guides'],
      summary: 'What to do when one is put on sick leave, with the dates',
      description:
        'The steps depend on the situation, and their dates on the first day of the sick leave: the report on day 1, the certificate after day 7, and for employees sickness benefit from day 15. Swedish, or English by `Accept-Language`.',
      querystring: SickLeaveQuery,
      response: {
        200: json('SickLeaveGuide', 'The steps, in order'),
        304: empty('The client has it already (If-None-Match)'),
        ...failures(),
      },
    },
    handler: async ({ query, headers }, reply) => {
      const language = preferredLanguage(headers['accept-language'])
      return reply
        .headers({ 'content-language': language, 'cache-control': 'public, max-age=3600' })
        .send(sickLeaveGuide(query.situation, query.from, language))
    },
  })
}
