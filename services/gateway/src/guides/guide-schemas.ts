import Type from 'typebox'
import type { Static } from 'typebox'

export const Situation = Type.Union([
  Type.Literal('employed'),
  Type.Literal('self-employed'),
  Type.Literal('job-seeker'),
  Type.Literal('student'),
  Type.Literal('parental-leave'),
])
export type Situation = Static<typeof Situation>

export const SickLeaveGuide = Type.Object({
  situation: Situation,
  from: Type.String({ format: 'date', description: 'First day of the sick leave' }),
  language: Type.Union([Type.Literal('sv'), Type.Literal('en')]),
  title: Type.String(),
  steps: Type.Array(
    Type.Object({
      id: Type.String({ description: 'Stable, for links and pictures' }),
      day: Type.Integer({ minimum: 1, description: 'Day of the sick leave; the first is 1' }),
      date: Type.String({ format: 'date' }),
      title: Type.String(),
      text: Type.String(),
    }),
    { description: 'In the order of their days' },
  ),
})
export type SickLeaveGuide = Static<typeof SickLeaveGuide>
