import type { swedishHelp } from './swedish-help.ts'

export const englishHelp: typeof swedishHelp = {
  title: 'Help',
  all: 'More help',
  links: {
    how: 'How it works',
    sickLeave: 'When you are put on sick leave',
    data: 'What happens with your data',
    sharing: 'When you give a certificate to someone',
  },
  how: {
    title: 'How Mina intyg works',
    lead: 'From the doctor to whoever needs the certificate, in five steps.',
    steps: [
      [
        'The doctor writes the certificate',
        'It is written in your journal. Your care provider is responsible for what it says.',
      ],
      [
        'You log in and say yes',
        'Log in with electronic identification. The first time you read what we do and choose whether to consent. Without your yes we fetch nothing.',
      ],
      [
        'You read the certificate',
        'All your certificates are in one list, from every connected care provider. If something is wrong, contact the one who wrote it.',
      ],
      [
        'You use the certificate',
        'Send it to Försäkringskassan (the Social Insurance Agency) or another authority, or save and print it for your employer. In some certificates you can leave the diagnosis out.',
      ],
      [
        'You follow what happens',
        'You see when the recipient has the certificate and what it answers. In the access log you see who has opened it.',
      ],
    ],
  },
  sickLeave: {
    lead: 'What to do depends on what you live on when you are well, and on the day that you fell ill.',
    situation: 'I am',
    situations: {
      employed: 'Employed',
      'self-employed': 'Self-employed',
      'job-seeker': 'Looking for work',
      student: 'A student',
      'parental-leave': 'On parental leave',
    },
    from: 'My first day of illness',
    fromHint: 'The day that you could not work, study or look for work.',
    badDate: 'Choose a day.',
    day: (day) => `Day ${day}`,
    yourSteps: 'This is what you do',
    today: 'Today',
  },
  data: {
    title: 'What happens with your data',
    lead: 'Your certificates are about your health. So we do only what you yourself have chosen.',
    parts: [
      [
        'We fetch only what you have said yes to',
        'Once you have consented we fetch your medical certificates from the journals. Nothing else in them is fetched.',
      ],
      [
        'The copies are locked',
        'What we keep is encrypted with a key that is for your certificates alone. If you withdraw your consent the key is destroyed, and the copies can no longer be read.',
      ],
      [
        'Everything is noted',
        'Each time someone opens, saves or sends a certificate it is written in the access log. You can always read it.',
      ],
      [
        'Some things are kept longer',
        'What you have consented to, the access log, and receipts for what you have sent are kept for five years, so that it can be seen afterwards that everything was done right.',
      ],
      [
        'Whoever receives a certificate is then responsible',
        'If you send a certificate to an authority, it is responsible for the data once it has arrived.',
      ],
      [
        'You have rights',
        'You can learn what data we hold about you, have mistakes corrected, and complain to Integritetsskyddsmyndigheten (the Authority for Privacy Protection).',
      ],
    ],
  },
  sharing: {
    title: 'When you give a certificate to someone',
    lead: 'You yourself are responsible for whom you give a certificate to.',
    parts: [
      [
        'E‑mail is not a safe way',
        'An e‑mail can be read by others on its way, and can end up in the wrong place. Do not send certificates by e‑mail, text message or social media.',
      ],
      [
        'Send from here where you can',
        'To Försäkringskassan, Transportstyrelsen and Arbetsförmedlingen the certificate goes directly and protected. You also see that it has arrived.',
      ],
      [
        'You hand it to your employer yourself',
        'Print the certificate or save it, and hand it over in the way that you have agreed on. In most cases your employer has no right to know the diagnosis. Where it is possible you can leave it out of the copy.',
      ],
      [
        'Mind where you save',
        'Do not save certificates on a computer that others use. If you have done so, delete the file and empty the bin.',
      ],
      [
        'What is given is given',
        'What you have given to someone we cannot take back, not even when you withdraw your consent.',
      ],
    ],
  },
}
