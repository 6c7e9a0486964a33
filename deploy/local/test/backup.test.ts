import { jest } from '@jest/globals'
import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ensureServiceRole } from '@minaintyg/db'
import { prepareDatabases } from '../src/databases.ts'
import { testPersons } from '../src/test-persons.ts'
import { follow, giveConsent, read, send } from '../src/walk/steps.ts'
import { listed } from './listed.ts'
import { postgresBinaries, startPrivatePostgres } from './private-postgres.ts'
import { startReplicatedSystem } from './replicated-system.ts'

jest.setTimeout(600_000)

const isRequired = process.env['REQUIRE_PG_DUMP'] === '1'
if (postgresBinaries === undefined && !isRequired) {
  process.stderr.write(
    'skipped: there is no Postgres with pg_dump here (Debian: apt-get install postgresql). REQUIRE_PG_DUMP=1 makes that a failure.\n',
  )
}
const names = ['identity', 'consent', 'certificate_store', 'dispatch']
const [person] = testPersons
const variables = { SHUTDOWN_NOTICE: '0' }

const script = (name: string, folder: string, urlOf: (database: string) => string) =>
  promisify(execFile)(join(import.meta.dirname, '../..', name), [folder], {
    env: {
      PATH: `${postgresBinaries ?? ''}:${process.env['PATH'] ?? ''}`,
      ...Object.fromEntries(
        names.map((database) => [`${database.toUpperCase()}_OWNER_DATABASE_URL`, urlOf(database)]),
      ),
    },
  })

;(postgresBinaries === undefined && !isRequired ? describe.skip : describe)('a backup', () => {
  test('is restored into fresh databases, and everything goes on from there', async () => {
    const stateDir = await mkdtemp(join(tmpdir(), 'backup-'))
    const folder = join(stateDir, 'dumps')
    const running = new Set<{ stop: () => Promise<unknown> }>()
    const end = async (each: { stop: () => Promise<unknown> }) => {
      running.delete(each)
      await each.stop()
    }
    try {
      const first = await startPrivatePostgres()
      const before = await startReplicatedSystem({
        variables,
        stateDir,
        databases: await prepareDatabases(first),
      })
      running.add(before)
      let patient = await before.patient(person!.number)
      await giveConsent(patient)
      const certificate = await read(patient, (await listed(patient)).items, 'FKASSA')
      const dispatch = await send(patient, certificate, 'FKASSA')
      await follow(patient, dispatch.id, 'accepted', 120_000)
      // While everything runs.
      await script('backup.sh', folder, first.url)
      expect(await readdir(folder)).toEqual(names.map((name) => `${name}.dump`).sort())
      await end(before)

      const second = await startPrivatePostgres()
      for (const database of names) {
        await second.createDatabase(database)
        const role = `${database}_service`
        await ensureServiceRole(second.url('postgres'), { role, password: 'x', database })
      }
      await script('restore.sh', folder, second.url)
      await expect(script('restore.sh', folder, second.url)).rejects.toThrow('is not empty')

      const after = await startReplicatedSystem({
        variables,
        stateDir,
        databases: await prepareDatabases(second),
      })
      running.add(after)
      patient = await after.patient(person!.number)
      expect(JSON.parse((await patient.get('/consent')).text).state).toBe('given')
      const found = JSON.parse((await patient.get(`/dispatches/${dispatch.id}`)).text)
      expect(found).toMatchObject({ state: 'accepted', certificate: { id: certificate.id } })
      const again = JSON.parse((await patient.get(`/certificates/${certificate.id}`)).text)
      expect(again.sections).toEqual(certificate.sections)
      expect(again.statuses).toContain('sent')
      const log = JSON.parse((await patient.get('/access-log')).text)
      expect(log.items.length).toBeGreaterThan(3)
      const next = await read(
        patient,
        (await listed(patient)).items.filter(({ id }) => id !== certificate.id),
        'FKASSA',
      )
      await follow(patient, (await send(patient, next, 'FKASSA')).id, 'accepted', 120_000)
    } finally {
      for (const each of running) await end(each)
      await rm(stateDir, { recursive: true, force: true })
    }
  })
})
