import { createLogUnderTest, keyOf } from './log-under-test.ts'
import type { LogUnderTest } from './log-under-test.ts'

let log: LogUnderTest
beforeEach(async () => {
  log = await createLogUnderTest()
})
afterEach(() => log.drop())

describe('what the owner of the tables does afterwards is found where it was done', () => {
  test.each([
    ['a changed entry', "update access_log set action = 'read' where position = 4", 'changed 4'],
    [
      'a time changed by a microsecond',
      "update access_log set at = at + interval '1 microsecond' where position = 4",
      'changed 4',
    ],
    ['an emptied column', 'update access_log set purpose = null where position = 4', 'changed 4'],
    ['a removed entry', 'delete from access_log where position = 4', 'removed 4'],
    ['a changed seal', "update access_log_seal set hash = '' where position = 4", 'changed 4'],
    [
      'an entry put in with a made-up time',
      `insert into access_log (at, patient_id, action, outcome, actor_kind, actor_id, client_id)
       values (now() - interval '1 hour', gen_random_uuid(), 'list', 'allowed', 'system', 's', 's')`,
      'inserted 11',
    ],
  ])('%s', async (_, statement, fault) => {
    await log.tenSealed()
    await log.tamper(statement)
    expect((await log.verify()).found).toContain(fault)
  })

  test('an entry put in with the trigger on is sealed, and found by its time', async () => {
    await log.tenSealed()
    await log.owner.query(
      `insert into access_log (at, patient_id, action, outcome, actor_kind, actor_id, client_id)
       values (now() - interval '1 hour', gen_random_uuid(), 'list', 'allowed', 'system', 's', 's')`,
    )
    expect((await log.verify()).found).toEqual(['inserted 11'])
    await log.seal()
    expect((await log.verify()).found).toEqual(['inserted 11'])
  })

  test('an entry removed with its seal', async () => {
    await log.tenSealed()
    await log.tamper(
      'delete from access_log where position = 4',
      'delete from access_log_seal where position = 4',
    )
    expect((await log.verify()).found).toEqual(['gap 5'])
  })

  test('an entry removed with its seal, the rest numbered anew', async () => {
    await log.tenSealed()
    await log.tamper(
      'delete from access_log where position = 4',
      'delete from access_log_seal where position = 4',
      'update access_log_seal set sequence = -sequence where sequence > 4',
      'update access_log_seal set sequence = -sequence - 1 where sequence < 0',
    )
    expect((await log.verify()).found).toContain('changed 5')
  })

  test('two entries in each other’s place', async () => {
    await log.tenSealed()
    await log.tamper(
      'update access_log set patient_id = gen_random_uuid() where position = 7',
      `update access_log a set at = b.at, patient_id = b.patient_id from access_log b
       where (a.position, b.position) in ((3, 7), (7, 3))`,
    )
    expect((await log.verify()).found).toEqual(['changed 3', 'changed 7'])
  })

  test('seals in each other’s place', async () => {
    await log.tenSealed()
    await log.tamper(
      'update access_log_seal set sequence = -sequence where sequence in (3, 7)',
      'update access_log_seal set sequence = sequence + 10 where sequence < 0',
    )
    expect((await log.verify()).found).toEqual(expect.arrayContaining(['changed 7', 'changed 3']))
  })

  test('an entry removed before it was sealed', async () => {
    await log.write(3)
    await log.tamper('delete from access_log where position = 2')
    expect((await log.verify()).found).toEqual(['removed 2'])
    await log.seal()
    expect((await log.verify()).found).toEqual(['removed 2'])
  })

  test('a cut tail, against a head that is known from elsewhere', async () => {
    await log.tenSealed()
    const { head } = await log.verify()
    await log.tamper(
      'delete from access_log where position > 8',
      'delete from access_log_seal where position > 8',
    )
    expect((await log.verify()).found).toEqual([])
    expect((await log.verify(head)).found).toEqual(['end'])
    await log.write(5)
    await log.seal()
    expect((await log.verify(head)).found).toEqual(['head 12'])
  })

  test('a log that was emptied, against a head that is known from elsewhere', async () => {
    await log.tenSealed()
    const { head } = await log.verify()
    await log.tamper('truncate access_log, access_log_seal')
    expect((await log.verify(head)).found).toEqual(['end'])
  })

  test('a beginning that was not due', async () => {
    await log.tenSealed()
    await log.tamper(
      'delete from access_log where position < 5',
      'delete from access_log_seal where position < 4',
    )
    expect((await log.verify()).found).toEqual(['beginning 5'])
    await log.tamper('delete from access_log_seal where position < 5')
    expect((await log.verify()).found).toEqual(['beginning 5'])
  })

  test('a chain made anew without the key', async () => {
    await log.tenSealed()
    await log.tamper("update access_log set action = 'read' where position = 4")
    await log.tamper(
      'delete from access_log_seal',
      'insert into access_log_unsealed select position from access_log',
    )
    await log.seal(keyOf('k1'))
    expect((await log.verify()).faults).toBe(10)
  })
})
