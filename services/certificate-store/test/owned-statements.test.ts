import pg from 'pg'
import { createTestDatabase } from '@minaintyg/testing'
import type { TestDatabase } from '@minaintyg/testing'
import { unownedReadsOf, watchStatements } from './owned-statements.ts'

let database: TestDatabase
let client: pg.Client

beforeAll(async () => {
  database = await createTestDatabase('certificate-store')
  client = new pg.Client({ connectionString: database.url })
  await client.connect()
})
afterAll(async () => {
  await client.end()
  await database.drop()
})

const mine = 'patient_id = $1'

test.each([
  ['select id from certificate where id = $1', ['certificate']],
  ['select id from certificate where patient_id <> $1 and id = $2', ['certificate']],
  ['update certificate set archived_at = null where id = $1', ['certificate']],
  ['delete from certificate_relation where source_id = $1', ['certificate_relation']],
  ['select count(*) from patient_key', ['patient_key']],
  [
    `select 1 from certificate c join certificate_dispatch d on d.certificate_id = c.id where c.${mine}`,
    ['certificate_dispatch'],
  ],
  [
    `select (select max(position) from access_log), id from certificate where ${mine}`,
    ['access_log'],
  ],
  [
    `insert into certificate_dispatch (dispatch_id, certificate_id, patient_id, recipient_id)
     select $1, id, patient_id, $2 from certificate where id = $3`,
    ['certificate'],
  ],
])('«%s» says of %s not whose rows it wants', async (statement, tables) => {
  expect(await unownedReadsOf(client, statement)).toEqual(tables)
})

test.each([
  `select id from certificate where ${mine} and id = $2`,
  `update certificate set archived_at = null where id = $2 and ${mine}`,
  `select 1 from certificate c join patient_key k on k.patient_id = c.patient_id where c.${mine}`,
  `select 1 from certificate c left join certificate_dispatch d
   on d.certificate_id = c.id and d.patient_id = c.patient_id where c.${mine}`,
  'select id from certificate where patient_id = any($1)',
  "insert into access_log_unsealed select 1 where current_user = 'x'",
])('«%s» says so of every table', async (statement) => {
  expect(await unownedReadsOf(client, statement)).toEqual([])
})

test('what the service sends is seen, whoever wrote it, and what tests send is not', async () => {
  const watched = watchStatements()
  const owner = new pg.Client({ connectionString: database.ownerUrl })
  await owner.connect()
  await owner.query('select count(*) from certificate')
  await client.query({ text: 'select id from certificate where id = $1', values: [null] })
  await client.query(`select id from certificate where ${mine}`, [null])
  watched.stop()
  expect(await watched.unowned(owner)).toEqual([
    'certificate: select id from certificate where id = $1',
  ])
  await owner.end()
})
