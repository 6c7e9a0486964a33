/* global document */

/** An element with properties and children; text is always text and never HTML. */
export function element(name, properties = {}, ...children) {
  const node = document.createElement(name)
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue
    if (key === 'onclick') node.addEventListener('click', value)
    else if (key === 'class') node.className = value
    else node.setAttribute(key, value)
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined))
  return node
}

/** A button that cannot be pressed twice while its work is under way. */
export function button(label, work, kind = '') {
  const node = element('button', { type: 'button', class: kind }, label)
  node.addEventListener('click', async () => {
    node.disabled = true
    try {
      await work()
    } finally {
      node.disabled = false
    }
  })
  return node
}

export const link = (label, href, kind) => element('a', { href, class: kind }, label)

const dates = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'long', timeZone: 'Europe/Stockholm' })
const moments = new Intl.DateTimeFormat('sv-SE', {
  dateStyle: 'long',
  timeStyle: 'short',
  timeZone: 'Europe/Stockholm',
})
export const date = (value) => (value === null ? 'Okänt datum' : dates.format(new Date(value)))
export const moment = (value) => moments.format(new Date(value))

/** Asks before what cannot be undone. @returns whether the person said yes */
export function confirm({ title, text, yes }) {
  return new Promise((resolve) => {
    const dialog = element('dialog', { 'aria-labelledby': 'question' })
    const close = (answer) => () => {
      dialog.close()
      dialog.remove()
      resolve(answer)
    }
    dialog.append(
      element('h2', { id: 'question' }, title),
      ...text.map((line) => element('p', {}, line)),
      element('div', { class: 'row' }, [
        button(yes, close(true), 'first'),
        button('Avbryt', close(false)),
      ]),
    )
    dialog.addEventListener('cancel', close(false))
    document.body.append(dialog)
    dialog.showModal()
  })
}
