-- Several journals may hold the same certificate: each copy is a row, the certificate's id stands on all of them, and one
-- of them leads: it is the one that is listed and read.
alter table certificate add column leads boolean not null default true;

alter table certificate_relation
  add column source_id text,
  add column journal_id text;
update certificate_relation r set source_id = c.source_id, journal_id = c.journal_id
  from certificate c where c.id = r.certificate_id;
alter table certificate_relation
  drop column certificate_id,
  alter column source_id set not null,
  alter column journal_id set not null,
  add primary key (patient_id, source_id, journal_id, kind, to_journal_id);

drop index certificate_dispatch_of_certificate;
alter table certificate_dispatch
  drop constraint certificate_dispatch_certificate_id_fkey,
  add foreign key (patient_id) references patient_key on delete cascade;

alter table certificate
  drop constraint certificate_pkey,
  drop constraint certificate_patient_id_source_id_journal_id_key,
  add primary key (patient_id, source_id, journal_id);
alter table certificate_relation
  add foreign key (patient_id, source_id, journal_id) references certificate on delete cascade;

create index certificate_of_patient on certificate (patient_id, id);
