/** Free text such as doctors write: Swedish letters, line breaks, ampersands and less-than signs. */
export const texts = {
  findings:
    'Rörelseomfånget i ländryggen är < 50 % av det normala. Lasègues prov positivt på höger sida vid 40°.\n' +
    'Blodtryck 135/85, puls 72. Hb & CRP utan anmärkning.',
  findingsMind:
    'Nedstämd och lättrörd, tappar tråden efter 10–15 minuter. Ångest vid krav.\nSömn 3–4 timmar per natt. MADRS 28 & KEDS 32.',
  limits:
    'Klarar inte att sitta mer än 20 minuter i taget eller att lyfta > 5 kg.\n\n' +
    'Kan gå kortare sträckor på plan mark men måste vila emellan.',
  limitsMind:
    'Har svårt att planera, att möta människor och att hålla kvar uppmärksamheten. Blir utmattad av enkla ärenden – t.ex. att handla mat.',
  occupation:
    'Undersköterska i hemtjänsten: många förflyttningar, tunga lyft & ensamarbete på kvällar',
  occupationOffice: 'Ekonomiassistent på Åkes Bygg & Måleri AB, bildskärmsarbete hela dagen',
  treatment:
    'Fysioterapi två gånger i veckan vid Ängens vårdcentral.\nParacetamol 1 g × 4 och vid behov naproxen 500 mg × 2.',
  planned:
    'Röntgen av ländryggen och återbesök om fyra veckor. Remiss till ortoped om ingen förbättring.',
  measures:
    'Höj- och sänkbart skrivbord, täta pauser. Undvik ensamarbete så länge besvären kvarstår.',
  longer: 'Samtidig värk i nacken & sömnbrist gör att återhämtningen tar längre tid än väntat.',
  schedule: 'Smärtan är som svårast på förmiddagen; arbete efter kl. 11 fungerar bättre.',
  other: 'Patienten är väl införstådd med planen.\nNästa bedömning görs av ordinarie läkare.',
  history:
    'Insjuknade våren för tre år sedan med domningar i vänster arm. Skovvis förlopp, tre skov det senaste året.\n' +
    'Arbetade halvtid till i höstas; därefter har krafterna inte räckt.',
  intellect: 'Ingen känd nedsättning av intellektuell funktion.',
  psychosocial: 'Drar sig undan större sällskap. Blir lätt överväldigad av intryck (ljud > ljus).',
  attention: 'Kortvarig koncentration, högst 15 min. Behöver skriva ner allt & ha påminnelser.',
  senses: 'Brännande smärta i fötterna, VAS 6–7. Nedsatt känsel upp till knäna.',
  balance: 'Osäker gång, använder rollator utomhus. Kan inte gå i trappor utan stöd.',
  body: 'Uttalad trötthet (fatigue). Täta trängningar till följd av neurogen blåsrubbning.',
  ability: 'Klarar enstaka lugna uppgifter i hemmet < 30 minuter åt gången, med vila emellan.',
  prospects:
    'Sjukdomen är kronisk. Förutsättningarna för arbete bedöms som stadigvarande nedsatta.',
  pregnancyNote: 'Beräknad förlossning enligt ultraljud.',
  employer: 'Kan arbeta hemifrån med telefon & dator om arbetsgivaren så vill.',
  infection:
    'Förhållningsregler enligt smittskyddslagen: får inte vistas på arbetsplatsen under smittsam tid.',
} as const
