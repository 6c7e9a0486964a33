-- What became of the certificate while the dispatch stood: a line that no state and no recipient's words tell.
alter table timeline_entry add column change text
  check (change in ('certificate-replaced', 'certificate-revoked'));
