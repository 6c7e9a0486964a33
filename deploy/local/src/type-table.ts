import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { certificateActions, recipientNames, typeRules } from '@minaintyg/certificate-model'
import type { TypeRule } from '@minaintyg/certificate-model'
import { standardCatalogue } from '@minaintyg/certificate-store/structure'

const path = join(import.meta.dirname, '../../../services/certificate-store/README.md')
const [begin, end] = ['<!-- types: generated -->', '<!-- types: end -->']

const catalogue = standardCatalogue()
const majors = Array.from({ length: 20 }, (_, major) => major)
const versionsOf = (code: string) =>
  majors.filter((major) => catalogue.form(code, `${major}`) !== undefined)

function receiverOf({ recipient, sendableFromMajor, sendingEnded }: TypeRule): string {
  if (recipient === null) return 'none: saved or printed, and handed over'
  const name = recipientNames[recipient]
  if (sendingEnded === true) return `${name}, no longer sent`
  return sendableFromMajor === undefined ? name : `${name}, from version ${sendableFromMajor}`
}

/** As the certificate model decides for one that stands. */
function hidingOf({ codes: [code = ''] }: TypeRule): string {
  const hide = (infectionControl: boolean) =>
    certificateActions({
      type: { code, version: '99' },
      readable: true,
      revoked: false,
      replaced: false,
      complemented: false,
      infectionControl,
    }).hide.length > 0
  if (!hide(false)) return 'no'
  const asked = versionsOf(code).some(
    (major) => catalogue.form(code, `${major}`)?.infectionControl !== undefined,
  )
  return asked && !hide(true) ? 'yes, but for infection control' : 'yes'
}

function rowOf(rule: TypeRule): string {
  const [code = '', ...others] = rule.codes
  const cells = rule.shown
    ? [
        catalogue.typeName(code)?.sv ?? '',
        versionsOf(code).join(', '),
        'yes',
        receiverOf(rule),
        hidingOf(rule),
      ]
    : ['', '', '**never**', '–', '–']
  return `| \`${code}\` | ${others.map((other) => `\`${other}\``).join(', ')} | ${cells.join(' | ')} |`
}

const tableOf = () =>
  [
    begin,
    '<!-- prettier-ignore-start -->',
    '| type | also | name | versions | shown | goes to | diagnosis may be left out |',
    '|---|---|---|---|---|---|---|',
    ...typeRules.map(rowOf),
    '| any other | | as the journal names it | | yes | none: saved or printed, and handed over | no |',
    '<!-- prettier-ignore-end -->',
    end,
  ].join('\n')

/** Whether the README's table of types does not say what is true; with `write` it does afterwards. */
export async function isTypeTableStale({ write }: { write: boolean }): Promise<boolean> {
  const text = await readFile(path, 'utf8')
  const [start, stop] = [text.indexOf(begin), text.indexOf(end)]
  if (start < 0 || stop < start) throw new Error(`${path} has no place for the table: ${begin}`)
  const wanted = text.slice(0, start) + tableOf() + text.slice(stop + end.length)
  if (wanted !== text && write) await writeFile(path, wanted)
  return wanted !== text
}

if (import.meta.main) {
  console.log((await isTypeTableStale({ write: true })) ? 'Written.' : 'The table is true.')
}
