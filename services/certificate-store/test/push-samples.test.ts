import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describeWithShared, sharedFolder } from '@minaintyg/testing'
import { loadFullValidation } from '../src/push/full-validation.ts'
import { registration } from './pushes.ts'
import { hsaIds, startPushSystem } from './push-system.ts'
import { numbers } from './system.ts'

describeWithShared('with real samples', () => {
  const folder = join(sharedFolder, 'rivta')
  const samples = readdirSync(join(folder, 'samples'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.xml') && !file.startsWith('messages/'))
    .sort()
    .map((file) => ({ file, xml: readFileSync(join(folder, 'samples', file), 'utf8') }))
    .filter(({ xml }) =>
      /^\s*(<\?[^>]*>\s*)?(<!--[\s\S]*?-->\s*)*<(\w+:)?RegisterCertificate\b/.test(xml),
    )
    .filter(({ xml }) => xml.includes('RegisterCertificateResponder:3'))

  test('every one that is a registration is taken in and read, and every answer is valid', async () => {
    const own = await startPushSystem()
    const patient = await own.logIn(numbers.none)
    const caller = await own.caller(hsaIds.norr)
    const isValid = await loadFullValidation(
      join(folder, 'contracts/clinicalprocess-healthcond-certificate'),
    )
    expect(samples.length).toBeGreaterThan(25)
    for (const [index, { file, xml }] of samples.entries()) {
      const message = xml
        .replace(/^[\s\S]*?(?=<(\w+:)?RegisterCertificate\b)/, '')
        .replace(
          /(intygs-id>\s*<[^>]*root>[^<]*<\/[^>]*>\s*<[^>]*extension>)[^<]*/,
          `$1sample-${index}`,
        )
        .replace(/(<(?:\w+:)?person-id>[\s\S]*?extension>)\d{12}/, `$1${numbers.none}`)
      const call = registration({ number: numbers.none }).replace(
        /<e:Body>[\s\S]*<\/e:Body>/,
        () => `<e:Body>${message}</e:Body>`,
      )
      const answer = await caller.send('register', call)
      expect([file, answer.code, answer.text]).toEqual([
        file,
        expect.stringMatching(/^(OK|ERROR)$/),
        answer.code === 'OK' ? undefined : expect.stringContaining('not shown'),
      ])
      const [, body = ''] = /<soap:Body>([\s\S]*)<\/soap:Body>/.exec(answer.xml) ?? []
      expect(isValid('RegisterCertificate', Buffer.from(body))).toEqual([])
    }
    const { items, total } = await patient.list('?limit=100')
    expect(total).toBeGreaterThan(20)
    for (const { id } of items) {
      const { statusCode } = await patient.get(`/certificates/${id}`)
      expect([200, 410]).toContain(statusCode)
    }
    await own.stop()
  })
})
