import Type from 'typebox'
import type { Static } from 'typebox'

const PartialDate = Type.String({
  pattern: '^\\d{4}(-\\d{2}(-\\d{2})?)?$',
  description: 'YYYY-MM-DD; YYYY-MM or YYYY where the doctor knew no more',
})
const NullableDate = Type.Union([PartialDate, Type.Null()])

const Text = Type.Object(
  { type: Type.Literal('text'), text: Type.String() },
  { description: 'Free text; line breaks as written' },
)
const Bool = Type.Object({ type: Type.Literal('boolean'), value: Type.Boolean() })
const DateValue = Type.Object({ type: Type.Literal('date'), date: PartialDate })
const Period = Type.Object({
  type: Type.Literal('period'),
  from: NullableDate,
  to: NullableDate,
})
const Code = Type.Object({
  type: Type.Literal('code'),
  code: Type.String(),
  system: Type.String({ description: 'OID, GUID or name of the code system, as on the wire' }),
  display: Type.Union([Type.String(), Type.Null()]),
})
const Quantity = Type.Object({
  type: Type.Literal('quantity'),
  value: Type.Number(),
  unit: Type.Union([Type.String(), Type.Null()]),
})
const NotStated = Type.Object(
  { type: Type.Literal('notStated') },
  { description: 'The question stands in the form and was left unanswered' },
)

/** One answer that holds no others. */
export const ScalarValue = Type.Union([Text, Bool, DateValue, Period, Code, Quantity, NotStated])
export type ScalarValue = Static<typeof ScalarValue>

const List = Type.Object({ type: Type.Literal('list'), items: Type.Array(ScalarValue) })

/** What stands in one cell of a table. */
export const CellValue = Type.Union([...ScalarValue.anyOf, List])
export type CellValue = Static<typeof CellValue>

const Table = Type.Object({
  type: Type.Literal('table'),
  columns: Type.Array(Type.Object({ id: Type.String(), label: Type.String() })),
  rows: Type.Array(Type.Array(CellValue), { description: 'A cell per column, in their order' }),
})

/** The answer to a question of a certificate. Typed, never HTML. */
export const AnswerValue = Type.Union([...CellValue.anyOf, Table])
export type AnswerValue = Static<typeof AnswerValue>
