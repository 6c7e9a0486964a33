import type { Certificate } from '@minaintyg/certificate-model'
import { loadFonts, renderCertificate } from '../src/drawing/index.ts'
import { certificate, code, date, sectionOf, text } from './certificates.ts'
import { readPages, readPlaces, readStructure, readText, unspaced } from './pdf-reading.ts'

const fonts = loadFonts()
const render = async (drawn: Certificate) => (await renderCertificate(drawn, { fonts })).bytes

describe('the text layer', () => {
  test('holds every answer, question and heading in the order of the form', async () => {
    const values = [
      text('Trött sedan i mars.\nÄter & sover <sämre>.'),
      { type: 'boolean', value: true } as const,
      { type: 'boolean', value: false } as const,
      date('2026-02'),
      { type: 'period', from: '2026-03-01', to: '2026-03-14' } as const,
      { type: 'period', from: '2026-05-01', to: null } as const,
      code('M545', 'Lumbago'),
      code('HELT_NEDSATT', 'Helt nedsatt', 'KV_FKMU_0003'),
      code('OKÄND', null, 'KV_FKMU_0003'),
      { type: 'quantity', value: 0.8, unit: 'dpt' } as const,
      { type: 'notStated' } as const,
      { type: 'list', items: [text('Ett'), code('F438A', 'Utmattningssyndrom')] } as const,
    ].map((value) => structuredClone(value) as never)
    const said = await readText(await render(certificate({ sections: [sectionOf(...values)] })))

    const expected = [
      ...['Bedömning', 'Fråga 1', 'Trött sedan i mars.', 'Äter & sover <sämre>.', 'Fråga 2', 'Ja'],
      ...['Fråga 3', 'Nej', 'Fråga 4', '2026-02', 'Fråga 5', '2026-03-01 – 2026-03-14', 'Fråga 6'],
      ...['från och med 2026-05-01', 'Fråga 7', 'M545 Lumbago', 'Fråga 8', 'Helt nedsatt'],
      ...['Fråga 9', 'OKÄND', 'Fråga 10', '0,8 dpt', 'Fråga 11', 'Inget svar angivet', 'Fråga 12'],
      ...['Ett', 'F438A Utmattningssyndrom'],
    ]
    expect(said).toContain(unspaced(expected.join('')))
  })

  test('holds who, when and where in the head, and the page at the foot', async () => {
    const [page] = await readPages(await render(certificate()))
    const head = unspaced(page!.content)
    for (const words of [
      'Läkarintyg för sjukpenning',
      'Alva Provsson',
      '19121212-••••',
      '2026-03-02 10:15',
      'Ajla Doktor',
      'Vårdcentralen Ekbacken',
      '123 45 Ekby',
      'Region Exempel',
      '7b1d3c8e-5f0a-4d0e-9d6b-2f2c4a1b9e10',
    ]) {
      expect(head).toContain(unspaced(words))
    }
    expect(page!.artifacts).toContain('Sida 1 av 1')
    expect(page!.artifacts).toContain(
      'Utskrivet från ett elektroniskt intyg, elektroniskt undertecknat av Ajla Doktor den 2026-03-02 10:15.',
    )
  })

  test('shows a character that no font has as its code point', async () => {
    const words = 'CRP ⅓, \u0007 klocka, 😀, 中, \ud800 slut'
    const drawn = certificate({ sections: [sectionOf(text(words))] })
    const { bytes, undrawn } = await renderCertificate(drawn, { fonts })
    expect(await readText(bytes)).toContain(
      unspaced('CRP [U+2153], [U+0007] klocka, [U+1F600], [U+4E2D], [U+D800] slut'),
    )
    expect(undrawn).toEqual(['U+0007', 'U+1F600', 'U+2153', 'U+4E2D', 'U+D800'])
  })

  test('holds symbols that are drawn as vectors', async () => {
    const words = '☐ nej ☒ ja, CRP ↑ och HB↓, punkt ■'
    const drawn = certificate({ sections: [sectionOf(text(words))] })
    const { bytes, undrawn } = await renderCertificate(drawn, { fonts })
    expect(await readText(bytes)).toContain(unspaced(words))
    expect(undrawn).toEqual([])
  })

  test('holds Sami, Polish, Turkish, Greek, Cyrillic and letters that only combining makes', async () => {
    const words = 'ŋđšžčŧ Łódź Ğışığ Ωμέγα Жизнь x\u0301 e\u0301 office flöde'
    const said = await readText(await render(certificate({ sections: [sectionOf(text(words))] })))
    expect(said).toContain(unspaced(words))
  })

  test('keeps its letters whatever was drawn with the same fonts before', async () => {
    const before = certificate({ sections: [sectionOf(text('\ufb01 ı\u0307 i\u0307 ffi'))] })
    const after = certificate({ sections: [sectionOf(text('fick officiell ışık'))] })
    const first = Buffer.from(await render(after))
    await render(before)
    expect(Buffer.from(await render(after)).equals(first)).toBe(true)
    expect(await readText(first)).toContain(unspaced('fick officiell ışık'))
  })

  test('survives zero-width and right-to-left text', async () => {
    const words = 'a\u200bb\u200d\u2066\u202ec\ufeff שלום \u061cslut'
    const said = await readText(await render(certificate({ sections: [sectionOf(text(words))] })))
    for (const word of ['abc', 'שלום', 'slut']) expect(said).toContain(word)
  })

  test('has right-to-left words in the order that they are read, and draws them from the right', async () => {
    const words = 'Hon sa שלום עולם idag'
    const bytes = await render(certificate({ sections: [sectionOf(text(words))] }))
    const places = (await readPlaces(bytes)).filter(({ str }) => /שלום|עולם|idag/.test(str))
    expect(places.map(({ str }) => str.trim())).toEqual(['שלום', 'עולם', 'idag'])
    const [first, second, last] = places.map(({ x }) => x)
    expect(second).toBeLessThan(first!)
    expect(first).toBeLessThan(last!)
  })
})

describe('long documents', () => {
  test('flow over pages without losing a line, and number them', async () => {
    const lines = Array.from({ length: 400 }, (_, index) => `Rad ${index} av anteckningen.`)
    const pages = await readPages(
      await render(certificate({ sections: [sectionOf(text(lines.join('\n')))] })),
    )
    expect(pages.length).toBeGreaterThan(5)
    expect(unspaced(pages.map(({ content }) => content).join(''))).toContain(
      unspaced(lines.join('')),
    )
    expect(pages.at(-1)!.artifacts).toContain(`Sida ${pages.length} av ${pages.length}`)
    expect(pages.at(-1)!.artifacts).toContain('Läkarintyg för sjukpenning, utfärdat')
  })

  test('break a word of 5,000 characters that no line can hold', async () => {
    const word = 'abcdefghij'.repeat(500)
    const said = await readText(await render(certificate({ sections: [sectionOf(text(word))] })))
    expect(said).toContain(word)
  })

  test('hold a table of ten thousand rows', async () => {
    const rows = Array.from({ length: 10_000 }, (_, row) => [
      text(`Rad${row}.`),
      date('2026-01-01'),
    ])
    const columns = [
      { id: 'a', label: 'Underlag' },
      { id: 'b', label: 'Datum' },
    ]
    const bytes = await render(
      certificate({ sections: [sectionOf({ type: 'table', columns, rows })] }),
    )
    const said = await readText(bytes)
    expect(said).toContain('Rad0.2026-01-01Rad1.2026-01-01')
    expect(said).toContain('Rad9998.2026-01-01Rad9999.2026-01-01')
    expect(said.match(/UnderlagDatum/g)).toHaveLength(1)
  }, 60_000)

  test('continue a table row that is higher than a page', async () => {
    const words = Array.from({ length: 300 }, (_, index) => `stycke${index}.`).join('\n')
    const table = {
      type: 'table' as const,
      columns: [
        { id: 'a', label: 'Datum' },
        { id: 'b', label: 'Text' },
      ],
      rows: [
        [date('2026-01-01'), text(words)],
        [date('2026-01-02'), text('sist')],
      ],
    }
    const said = await readText(await render(certificate({ sections: [sectionOf(table)] })))
    expect(said).toContain(unspaced(words))
    expect(said).toContain('sist')
  })

  test.each([
    ['text', text('Svaret.\nMer.\nSlut.')],
    [
      'a table',
      {
        type: 'table' as const,
        columns: [{ id: 'a', label: 'Rubrikcell' }],
        rows: [[text('Svaret.')]],
      },
    ],
  ])('never leave a heading over %s alone at the end of a page', async (_what, answer) => {
    for (let lines = 8; lines < 28; lines += 1) {
      const filler = {
        ...sectionOf(text(Array(lines).fill('fyllning').join('\n'))),
        heading: 'Först',
      }
      const drawn = certificate({ sections: [filler, sectionOf(answer)] })
      for (const { content } of await readPages(await render(drawn))) {
        expect(content.trim()).not.toMatch(/(Bedömning|Fråga 1)$/)
      }
    }
  })
})

describe('the file', () => {
  test('has the same bytes for the same certificate, and others for another', async () => {
    const first = Buffer.from(await render(certificate()))
    expect(Buffer.from(await render(certificate())).equals(first)).toBe(true)
    const other = await render(certificate({ id: '00000000-0000-4000-8000-000000000000' }))
    expect(Buffer.from(other).equals(first)).toBe(false)
  })

  test('is tagged, in Swedish, titled and bookmarked', async () => {
    const table = {
      type: 'table' as const,
      columns: [{ id: 'a', label: 'Underlag' }],
      rows: [[text('Journal')]],
    }
    const bytes = await render(certificate({ sections: [sectionOf(text('Svar'), table)] }))
    const { info, outline, trees } = await readStructure(bytes)
    expect(info).toMatchObject({
      Language: 'sv-SE',
      Title: 'Läkarintyg för sjukpenning, 7b1d3c8e-5f0a-4d0e-9d6b-2f2c4a1b9e10',
    })
    expect(outline.map(({ title }) => title)).toEqual(['Bedömning'])
    const tree = JSON.stringify(trees[0])
    for (const role of ['H1', 'H2', 'H3', 'Table', 'TR', 'TH', 'TD', 'P', 'L', 'LI', 'LBody']) {
      expect(tree).toContain(`"role":"${role}"`)
    }
    const file = Buffer.from(bytes).toString('latin1')
    expect(file).toContain('/Scope /Column')
    expect(file).toContain('/DisplayDocTitle true')
    expect(file).toContain('/Marked true')
    expect(file).not.toContain('Helvetica')
    expect(file.match(/\/FontFile2 /g)).toHaveLength(2)
  })

  test('stands also where the certificate holds hardly anything', async () => {
    const nothing = { name: null, personalIdentityNumberMasked: null }
    const drawn = certificate({
      issuedAt: null,
      issuer: { name: '', titles: [], specialities: [] },
      patient: nothing,
      type: { code: 'X & <Y>', version: '', name: 'Okänt & <ovanligt>\u0000 intyg' },
    })
    const bytes = await render(drawn)
    expect(await readText(bytes)).toContain('Intygetinnehålleringasvar.')
    expect((await readStructure(bytes)).info['Title']).toContain('Okänt + ')
  })
})
