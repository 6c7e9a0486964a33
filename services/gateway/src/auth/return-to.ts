import { AppError } from '@minaintyg/errors'
import { errors } from '../errors.ts'

const longest = 1_000
/** No control characters, spaces or backslashes: browsers drop or turn them into what leads elsewhere. */
const plain = /^\/[\x21-\x5b\x5d-\x7e]*$/

function decodings(path: string): string[] {
  const forms = [path]
  for (let round = 0; round < 8; round += 1) {
    const last = forms.at(-1) ?? ''
    const next = last.replace(/%[0-9a-f]{2}/gi, (code) =>
      String.fromCharCode(Number.parseInt(code.slice(1), 16)),
    )
    if (next === last) break
    forms.push(next)
  }
  return forms
}

/** Browsers drop control characters, and take a backslash for a slash. */
// eslint-disable-next-line no-control-regex -- they are what is looked for
const misread = /[\x00-\x20\x7f\\]/

/** Whether a browser stays with the front end, for each way in which the path may be read on its way. */
function stays(path: string, frontendOrigin: string): boolean {
  if (misread.test(path) || !URL.canParse(path, frontendOrigin)) return false
  const { origin, pathname } = new URL(path, frontendOrigin)
  return origin === frontendOrigin && !pathname.startsWith('//')
}

/** A path of the front end and nothing else, however it is written. @throws {AppError} */
export function checkReturnTo(returnTo: string, frontendOrigin: string): string {
  const [path = ''] = returnTo.split(/[?#]/)
  const isAllowed =
    returnTo.length <= longest &&
    plain.test(returnTo) &&
    decodings(path).every((each) => stays(each, frontendOrigin)) &&
    stays(returnTo, frontendOrigin)
  if (isAllowed) return returnTo
  throw new AppError(errors.returnToNotAllowed, {
    detail: 'Give a path of the front end that begins with one slash, such as /intyg.',
  })
}
