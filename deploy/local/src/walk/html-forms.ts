/** A form of a page, as far as a person with a keyboard needs it. */
export interface Form {
  action: string
  method: string
  fields: Record<string, string>
  /** Submit buttons; each adds its own name and value. */
  buttons: { name: string; value: string; text: string }[]
  /** Radio buttons and options that one chooses among. */
  choices: { name: string; value: string }[]
}

const entities: Record<string, string> = { amp: '&', quot: '"', lt: '<', gt: '>', '#39': "'" }

const decode = (text: string) =>
  text.replace(/&(amp|quot|lt|gt|#39);/g, (_, name: string) => entities[name] ?? '')

function attribute(tag: string, name: string): string | undefined {
  const [, quoted, bare] = new RegExp(`\\s${name}=(?:"([^"]*)"|([^\\s>]+))`, 'i').exec(tag) ?? []
  const value = quoted ?? bare
  return value === undefined ? undefined : decode(value)
}

function readForm(tag: string, content: string, pageUrl: string): Form {
  const form: Form = {
    action: new URL(attribute(tag, 'action') ?? '', pageUrl).toString(),
    method: (attribute(tag, 'method') ?? 'get').toUpperCase(),
    fields: {},
    buttons: [],
    choices: [],
  }
  for (const [input] of content.matchAll(/<input\b[^>]*>/gi)) {
    const name = attribute(input, 'name')
    const type = attribute(input, 'type') ?? 'text'
    const value = attribute(input, 'value') ?? ''
    if (name === undefined) continue
    if (type === 'radio') form.choices.push({ name, value })
    else if (type === 'submit') form.buttons.push({ name, value, text: value })
    else form.fields[name] = value
  }
  for (const [, button = '', text = ''] of content.matchAll(
    /(<button\b[^>]*>)(.*?)<\/button>/gis,
  )) {
    const [name = '', value = ''] = [attribute(button, 'name'), attribute(button, 'value')]
    form.buttons.push({ name, value, text: decode(text.replace(/<[^>]*>/g, ' ')).trim() })
  }
  return form
}

/** The forms of a page. Enough for our own simulators' plain pages; it is no HTML parser. */
export function readForms(html: string, pageUrl: string): Form[] {
  return [...html.matchAll(/(<form\b[^>]*>)(.*?)<\/form>/gis)].map(([, tag = '', content = '']) =>
    readForm(tag, content, pageUrl),
  )
}

/** Body of a submitted form. */
export const encodeForm = (fields: Record<string, string>) => new URLSearchParams(fields).toString()
