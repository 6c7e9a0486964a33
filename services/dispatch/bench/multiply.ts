import type pg from 'pg'

/**
 * Makes a queue of dispatches out of one that the service has written itself: the same rows with ids, certificate and patient
 * of their own, in all that is stored of it.
 */
const multiplied = `
with original as (
  select d.id, d.certificate_id, e.id as event_id from dispatch d join recipient_event e on e.dispatch_id = d.id
  where d.id = $1
), copies as materialized (
  select o.id, o.certificate_id, o.event_id, gen_random_uuid() as new_id, gen_random_uuid() as new_patient,
    gen_random_uuid() as new_certificate, gen_random_uuid() as new_event
  from original o, generate_series(1, $2)
), dispatches as (
  insert into dispatch (id, patient_id, certificate_id, certificate_type, certificate_version, certificate_name,
    recipient_id, state, document_sha256, document_size, requested_at)
  select new_id, new_patient, new_certificate, certificate_type, certificate_version, certificate_name,
    recipient_id, 'queued', document_sha256, document_size, now()
  from copies c join dispatch d on d.id = c.id returning 1
), entries as (
  insert into timeline_entry (dispatch_id, state, at) select new_id, 'queued', now() from copies returning 1
), events as (
  insert into recipient_event (id, dispatch_id, recipient_id, type, created_at)
  select new_event, new_id, recipient_id, type, now() from copies c join recipient_event e on e.id = c.event_id
  returning 1
)
insert into outbox (id, type, subject, exchange, routing_key, body, headers, occurred_at)
select new_event, type, new_id::text, exchange, routing_key,
  convert_to(replace(replace(replace(convert_from(body, 'utf8'), c.id::text, new_id::text),
    event_id::text, new_event::text), c.certificate_id::text, new_certificate::text), 'utf8'), headers, now()
from copies c join outbox o on o.id = c.event_id`

/** @param original the id of a dispatch whose rows are all there still */
export async function multiply(pool: pg.Pool, original: string, count: number): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query("set statement_timeout = '120s'")
    await client.query(multiplied, [original, count])
    await client.query('analyze')
  } finally {
    client.release(true)
  }
}
