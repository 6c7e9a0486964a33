import type { SickLeaveGuide, Situation } from './guide-schemas.ts'

type Language = 'sv' | 'en'
interface Step {
  id: string
  day: number
  sv: { title: string; text: string }
  en: { title: string; text: string }
}

const title = { sv: 'När du blir sjukskriven', en: 'When you are put on sick leave' }

const employed: readonly Step[] = [
  {
    id: 'report-to-employer',
    day: 1,
    sv: {
      title: 'Sjukanmäl dig till arbetsgivaren',
      text: 'Gör det första dagen du är sjuk. Arbetsgivaren betalar sjuklön de första 14 dagarna.',
    },
    en: {
      title: 'Report sick to your employer',
      text: 'Do it on the first day that you are ill. Your employer pays sick pay for the first 14 days.',
    },
  },
  {
    id: 'certificate-to-employer',
    day: 8,
    sv: {
      title: 'Lämna läkarintyg till arbetsgivaren',
      text: 'Är du sjuk längre än sju dagar behöver arbetsgivaren ett läkarintyg. Spara eller skriv ut det här och lämna det själv. I en del intyg kan du välja att inte visa diagnosen.',
    },
    en: {
      title: 'Give your employer a certificate',
      text: 'If you are ill for more than seven days your employer needs a medical certificate. Save or print it here and hand it over yourself. In some certificates you can leave the diagnosis out.',
    },
  },
  {
    id: 'apply-for-sickness-benefit',
    day: 15,
    sv: {
      title: 'Ansök om sjukpenning och skicka intyget',
      text: 'Är du sjuk längre än 14 dagar ansöker du om sjukpenning hos Försäkringskassan och skickar läkarintyget dit. Förlängs sjukskrivningen sköter du det också hos Försäkringskassan.',
    },
    en: {
      title: 'Apply for sickness benefit and send the certificate',
      text: 'If you are ill for more than 14 days you apply for sickness benefit (sjukpenning) at Försäkringskassan, and send the medical certificate there. If the sick leave is extended, that too is done at Försäkringskassan.',
    },
  },
]

const besides: Record<Exclude<Situation, 'employed'>, { sv: string; en: string }> = {
  'self-employed': {
    sv: 'Hur många dagar du får vänta på ersättning beror på vilken karenstid du har valt.',
    en: 'How long you wait for benefit depends on the qualifying period that you have chosen.',
  },
  'job-seeker': {
    sv: 'Säg också till Arbetsförmedlingen och din a-kassa att du är sjuk.',
    en: 'Also tell Arbetsförmedlingen and your unemployment fund that you are ill.',
  },
  student: {
    sv: 'Då kan du få behålla ditt studiemedel från CSN medan du är sjuk.',
    en: 'You may then keep your student aid from CSN while you are ill.',
  },
  'parental-leave': {
    sv: 'Är du så sjuk att du inte kan ta hand om barnet kan någon annan behöva ta ut föräldrapenning.',
    en: 'If you are too ill to care for the child, someone else may need to draw parental benefit.',
  },
}

const others = (situation: Exclude<Situation, 'employed'>): readonly Step[] => [
  {
    id: 'report-to-forsakringskassan',
    day: 1,
    sv: {
      title: 'Sjukanmäl dig till Försäkringskassan',
      text: `Gör det första dagen du är sjuk. ${besides[situation].sv}`,
    },
    en: {
      title: 'Report sick to Försäkringskassan',
      text: `Do it on the first day that you are ill. ${besides[situation].en}`,
    },
  },
  {
    id: 'apply-and-send',
    day: 8,
    sv: {
      title: 'Ansök om sjukpenning och skicka intyget',
      text: 'Är du sjuk längre än sju dagar behöver Försäkringskassan ett läkarintyg. Ansök om sjukpenning där, och skicka intyget härifrån. Förlängs sjukskrivningen sköter du det också hos Försäkringskassan.',
    },
    en: {
      title: 'Apply for sickness benefit and send the certificate',
      text: 'If you are ill for more than seven days Försäkringskassan needs a medical certificate. Apply for sickness benefit (sjukpenning) there, and send the certificate from here. If the sick leave is extended, that too is done at Försäkringskassan.',
    },
  },
]

/** The date of a day of the sick leave, whose first is day 1. */
export function dateOfDay(from: string, day: number): string {
  const date = new Date(`${from}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() + day - 1)
  return date.toISOString().slice(0, 10)
}

export function sickLeaveGuide(
  situation: Situation,
  from: string,
  language: Language,
): SickLeaveGuide {
  const steps = situation === 'employed' ? employed : others(situation)
  return {
    situation,
    from,
    language,
    title: title[language],
    steps: steps.map((step) => ({
      id: step.id,
      day: step.day,
      date: dateOfDay(from, step.day),
      ...step[language],
    })),
  }
}
