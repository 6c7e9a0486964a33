export interface CareUnit {
  /** HSA id. */
  id: string
  name: string
  workplaceCode: string
  address: string
  postalCode: string
  city: string
  telephone: string
  email: string
  provider: { id: string; name: string }
}

export interface Doctor {
  id: string
  name: string
  position: { code: string; name: string }
  specialities: readonly string[]
}

const north = { id: 'SE2321000000-NORR', name: 'Region Norr' }
const privateCare = { id: 'SE5560000001-VITS', name: 'Vitsippans Läkarhus AB' }

const unit = (
  number: string,
  name: string,
  provider: CareUnit['provider'],
  [address, postalCode, city]: readonly [string, string, string],
): CareUnit => ({
  id: `${provider.id}-${number}`,
  name,
  workplaceCode: `0990${number}`,
  address,
  postalCode,
  city,
  telephone: `090-700 ${number.slice(0, 2)} ${number.slice(2)}`,
  email: `enhet${number}@vard.invalid`,
  provider,
})

export const units = {
  healthCentre: unit('1001', 'Ängens vårdcentral', north, ['Storgatan 12', '90326', 'Umeå']),
  hospital: unit('1002', 'Ortopedkliniken, Norrskenets sjukhus', north, [
    'Sjukhusvägen 1',
    '97180',
    'Luleå',
  ]),
  psychiatry: unit('1003', 'Psykiatriska öppenvården Öster', north, [
    'Östra Kyrkogatan 7 & 9',
    '90330',
    'Umeå',
  ]),
  occupational: unit('2001', 'Vitsippans läkarmottagning', privateCare, [
    'Blåbärsstigen 3',
    '93131',
    'Skellefteå',
  ]),
} satisfies Record<string, CareUnit>

const physician = { code: '203090', name: 'Läkare legitimerad, annan' }
const consultant = { code: '201013', name: 'Överläkare' }

export const doctors = {
  general: {
    id: 'SE2321000000-D001',
    name: 'Åsa Lindström Wikberg',
    position: physician,
    specialities: ['Allmänmedicin'],
  },
  orthopaedist: {
    id: 'SE2321000000-D002',
    name: 'Örjan Björkqvist',
    position: consultant,
    specialities: ['Ortopedi', 'Smärtlindring'],
  },
  psychiatrist: {
    id: 'SE2321000000-D003',
    name: 'Fatima El-Amin',
    position: consultant,
    specialities: ['Psykiatri'],
  },
  occupational: {
    id: 'SE5560000001-D004',
    name: 'Karl-Johan Sjögren',
    position: physician,
    specialities: ['Arbetsmedicin'],
  },
} satisfies Record<string, Doctor>
