/** Text of an element or an attribute, as the contract restricts it. */
export interface SimpleType {
  holds: (value: string) => boolean
  /** Goes on behind «is not». */
  description: string
}

const text: SimpleType = { holds: () => true, description: 'text' }
const matching = (pattern: RegExp, description: string): SimpleType => ({
  holds: (value) => pattern.test(value),
  description,
})
// XML Schema: spaces around these do not count.
const collapsed = (inner: SimpleType): SimpleType => ({
  ...inner,
  holds: (value) => inner.holds(value.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '')),
})
// An empty element stands for the fixed value.
const fixed = (value: string): SimpleType => ({
  holds: (given) => given === value || given === '',
  description: value,
})

function isDay(value: string): boolean {
  const [, year = '', month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(value) ?? []
  const date = new Date(Date.UTC(2000, Number(month) - 1, Number(day)))
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day))
  return year !== '0000' && date.getUTCMonth() === Number(month) - 1 && Number(day) > 0
}

function isTime(value: string): boolean {
  const [date = '', time = ''] = value.split('T')
  const [hour = 0, minute = 0, second = 0] = time.split(':').map(Number)
  if (!/^\d\d:\d\d:\d\d$/.test(time) || !isDay(date)) return false
  return time === '24:00:00' || (hour < 24 && minute < 60 && second < 60)
}

const isInt = (value: string) =>
  /^[+-]?\d{1,30}$/.test(value) && Number(value) >= -(2 ** 31) && Number(value) < 2 ** 31

/** By the names that contract-types.ts gives them. */
export const simpleTypes: Readonly<Record<string, SimpleType>> = {
  text,
  nonEmpty: { holds: (value) => value !== '', description: 'filled in' },
  personNumber: matching(/^\d{12}$/, '12 digits'),
  personRoot: matching(/^1\.2\.752\.129\.2\.1\.3\.[13]$/, 'the root of a kind of personal number'),
  questionId: matching(/^[0-9]+$/, 'the id of a question'),
  partId: matching(/^[0-9]+\.[0-9]+$/, 'the id of a part of a question'),
  time: collapsed({ holds: isTime, description: 'a time, YYYY-MM-DDThh:mm:ss without a zone' }),
  day: collapsed({ holds: isDay, description: 'a date, YYYY-MM-DD' }),
  int: collapsed({ holds: isInt, description: 'a whole number' }),
  double: collapsed(matching(/^([+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|-?INF|NaN)$/, 'a number')),
  partialFormat: matching(/^YYYY(-MM(-DD)?)?$/, 'the format of a date'),
  partialValue: matching(
    /^[12][0-9]{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$/,
    'a date, YYYY-MM-DD, YYYY-MM or YYYY',
  ),
  hsa: fixed('1.2.752.129.2.1.4.1'),
  workplace: fixed('1.2.752.29.4.71'),
  position: fixed('1.2.752.129.2.2.1.4'),
  profession: fixed('1.2.752.29.23.1.6'),
  addressOrigin: fixed('4ade8de2-effe-41d0-b177-fedc820e69fa'),
  part: fixed('769bb12b-bd9f-4203-a5cd-fd14f2eb3b80'),
  status: fixed('9871cd17-8755-4ed9-b894-ff3729e775a4'),
  relation: fixed('c2362fcd-eda0-4f9a-bd13-b3bbaf7f2146'),
}
