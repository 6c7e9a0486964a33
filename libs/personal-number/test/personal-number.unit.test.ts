import {
  ageOn,
  maskPersonalNumber,
  parsePersonalNumber,
  redactPersonalNumbers,
} from '@minaintyg/personal-number'

describe('parsePersonalNumber', () => {
  test('takes a personal identity number', () => {
    expect(parsePersonalNumber('191212121212')).toEqual({
      number: '191212121212',
      kind: 'personalIdentityNumber',
      birthDate: '1912-12-12',
    })
  })

  test('takes a coordination number and finds the day of birth', () => {
    expect(parsePersonalNumber('197010632391')).toEqual({
      number: '197010632391',
      kind: 'coordinationNumber',
      birthDate: '1970-10-03',
    })
  })

  test.each(['191212121213', '1212121212', '19121212-1212', '191213121218', '199902309997', ''])(
    'refuses %p',
    (value) => {
      expect(parsePersonalNumber(value)).toBeUndefined()
    },
  )
})

test('an age changes on the birthday', () => {
  expect(ageOn('2010-11-22', '2026-11-21')).toBe(15)
  expect(ageOn('2010-11-22', '2026-11-22')).toBe(16)
})

test('a masked number keeps the date of birth alone', () => {
  expect(maskPersonalNumber('191212121212')).toBe('19121212-••••')
})

describe('redactPersonalNumbers', () => {
  test.each(['191212121212', '19121212-1212', '121212-1212', '121212+1212', '197010632391'])(
    'blots out %s',
    (number) => {
      expect(redactPersonalNumbers(`patient ${number}, again`)).toBe(
        'patient [personnummer], again',
      )
    },
  )

  test.each(['1763845678123', '2026-11-22T20:49:00.000Z', '5565594230', '1234567890123456'])(
    'leaves %s alone',
    (text) => {
      expect(redactPersonalNumbers(text)).toBe(text)
    },
  )
})
