-- For what is counted again and again: how much waits for a person.
create index outbox_parked on outbox (parked_at) where parked_at is not null;

create index inbox_dead on inbox (dead_at) where dead_at is not null;

create index dispatch_awaiting_receipt on dispatch (delivered_at) where state = 'delivered';
