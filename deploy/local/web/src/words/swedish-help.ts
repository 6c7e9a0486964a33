export const swedishHelp = {
  title: 'Hjälp',
  all: 'Mer hjälp',
  links: {
    how: 'Så fungerar det',
    sickLeave: 'När du blir sjukskriven',
    data: 'Vad som händer med dina uppgifter',
    sharing: 'När du ger ett intyg till någon',
  },
  how: {
    title: 'Så fungerar Mina intyg',
    lead: 'Från läkaren till den som behöver intyget, i fem steg.',
    steps: [
      [
        'Läkaren skriver intyget',
        'Intyget skrivs i din journal. Det är vården som ansvarar för vad som står i det.',
      ],
      [
        'Du loggar in och säger ja',
        'Logga in med e-legitimation. Första gången läser du om vad vi gör och väljer om du samtycker. Utan ditt ja hämtar vi ingenting.',
      ],
      [
        'Du läser intyget',
        'Alla dina intyg visas i en lista, från alla anslutna vårdgivare. Är något fel, kontakta den som skrev intyget.',
      ],
      [
        'Du använder intyget',
        'Skicka det till Försäkringskassan eller en annan myndighet, eller spara och skriv ut det till din arbetsgivare. I en del intyg kan du utelämna diagnosen.',
      ],
      [
        'Du följer vad som händer',
        'Du ser när mottagaren har fått intyget och vad den svarar. I åtkomstloggen ser du vem som har öppnat det.',
      ],
    ],
  },
  sickLeave: {
    lead: 'Vad du ska göra beror på vad du lever av när du är frisk, och på vilken dag du blev sjuk.',
    situation: 'Jag är',
    situations: {
      employed: 'Anställd',
      'self-employed': 'Egenföretagare',
      'job-seeker': 'Arbetssökande',
      student: 'Student',
      'parental-leave': 'Föräldraledig',
    },
    from: 'Min första sjukdag',
    fromHint: 'Dagen då du inte kunde arbeta, studera eller söka arbete.',
    badDate: 'Välj en dag.',
    day: (day: number) => `Dag ${day}`,
    yourSteps: 'Det här gör du',
    today: 'Idag',
  },
  data: {
    title: 'Vad som händer med dina uppgifter',
    lead: 'Dina intyg handlar om din hälsa. Därför gör vi bara det som du själv har valt.',
    parts: [
      [
        'Vi hämtar bara det du har sagt ja till',
        'När du har samtyckt hämtar vi dina läkarintyg från vårdens journaler. Inget annat i journalen hämtas.',
      ],
      [
        'Kopiorna är låsta',
        'Det vi förvarar är krypterat med en nyckel som bara gäller dina intyg. Tar du tillbaka samtycket förstörs nyckeln, och kopiorna går inte att läsa längre.',
      ],
      [
        'Allt antecknas',
        'Varje gång någon öppnar, sparar eller skickar ett intyg skrivs det i åtkomstloggen. Den kan du alltid läsa.',
      ],
      [
        'Det finns det som sparas längre',
        'Vad du har samtyckt till, åtkomstloggen och kvitton på det du har skickat sparas i fem år, för att det ska gå att se efteråt att allt har gått rätt till.',
      ],
      [
        'Den som får ett intyg ansvarar sedan',
        'Skickar du ett intyg till en myndighet ansvarar myndigheten för uppgifterna när de har kommit fram.',
      ],
      [
        'Du har rättigheter',
        'Du kan få veta vilka uppgifter vi har om dig, få fel rättade och klaga hos Integritetsskyddsmyndigheten.',
      ],
    ],
  },
  sharing: {
    title: 'När du ger ett intyg till någon',
    lead: 'Du ansvarar själv för vem du ger ett intyg till.',
    parts: [
      [
        'E‑post är inte ett säkert sätt',
        'Ett mejl kan läsas av andra på vägen, och hamna fel. Skicka inte intyg med e-post, sms eller sociala medier.',
      ],
      [
        'Skicka härifrån när det går',
        'Till Försäkringskassan, Transportstyrelsen och Arbetsförmedlingen skickas intyget direkt och skyddat. Då ser du också att det har kommit fram.',
      ],
      [
        'Till arbetsgivaren lämnar du det själv',
        'Skriv ut intyget eller spara det, och lämna det på det sätt som ni har kommit överens om. Din arbetsgivare har i de flesta fall inte rätt att få veta diagnosen. Där det går kan du utelämna den i kopian.',
      ],
      [
        'Tänk på var du sparar',
        'Spara inte intyg på en dator som andra använder. Har du gjort det, radera filen och töm papperskorgen.',
      ],
      [
        'Det som är lämnat är lämnat',
        'Det du har gett någon kan vi inte ta tillbaka, inte ens när du tar tillbaka ditt samtycke.',
      ],
    ],
  },
}
