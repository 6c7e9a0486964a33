import { AppError } from '@minaintyg/errors'
import { errors } from '../errors.ts'

const longest = 1_000
/** No control characters, spaces or backslashes: browsers drop or turn them into what leads elsewhere. */
const plain = /^\/[\x21-\x5b\x5d-\x7e]*$/

function decodings(path: string): string[] {
  const forms = [path]
  for (let round = 0; round < 4; round += 1) {
    const last = forms.at(-1) ?? ''
    const next = last.replace(/%[0-9a-f]{2}/gi, (code) =>
      String.fromCharCode(Number.parseInt(code.slice(1), 16)),
    )
    if (next === last) break
    forms.push(next)
  }
  return forms
}

const leadsElsewhere = (path: string) => /^\/[/\\]/.test(path) || /^\/\.{0,2}[/\\]{2}/.test(path)

/** A path of the front end and nothing else, however it is written. @throws {AppError} */
export function checkReturnTo(returnTo: string, frontendOrigin: string): string {
  const refuse = () =>
    new AppError(errors.returnToNotAllowed, {
      detail: 'Give a path of the front end that begins with one slash, such as /intyg.',
    })
  if (returnTo.length > longest || !plain.test(returnTo)) throw refuse()
  const [pathAlone = ''] = returnTo.split(/[?#]/)
  if (decodings(pathAlone).some(leadsElsewhere)) throw refuse()
  const target = URL.canParse(returnTo, frontendOrigin) ? new URL(returnTo, frontendOrigin) : null
  if (target?.origin !== frontendOrigin || leadsElsewhere(target.pathname)) throw refuse()
  return returnTo
}
