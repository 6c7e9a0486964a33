-- By which certificate the one that was sent is replaced, so that a recipient is told of each but once.
alter table dispatch add column replaced_by uuid;

-- Who did it, where an operator did.
alter table audit_event add column operator text;
