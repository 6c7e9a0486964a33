import { readForms } from '../src/walk/html-forms.ts'

const page = `<!doctype html><form method="post" action="/pick?a=1&amp;b=2">
<input type="hidden" name="csrf" value="x&quot;y"><input name="person" type="text">
<button type="submit" name="person" value="191212121212">Tolvan <span>one &amp; only</span></button>
</form><form><label><input type=radio name=who value=7></label><input type="submit" value="Go"></form>`

describe('readForms', () => {
  test('reads where a form goes, its fields and its buttons', () => {
    const [form] = readForms(page, 'http://localhost:8082/interaction/1')
    expect(form).toEqual({
      action: 'http://localhost:8082/pick?a=1&b=2',
      method: 'POST',
      fields: { csrf: 'x"y', person: '' },
      buttons: [
        { name: 'person', value: '191212121212', text: expect.stringMatching(/one & only/) },
      ],
      choices: [],
    })
  })

  test('sends a form without an action where it came from', () => {
    const [, form] = readForms(page, 'http://localhost:8082/interaction/1')
    expect(form).toMatchObject({
      action: 'http://localhost:8082/interaction/1',
      method: 'GET',
      choices: [{ name: 'who', value: '7' }],
    })
  })
})
