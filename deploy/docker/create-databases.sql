-- For each service a database, the role that owns its tables and the role that it logs in as; all with the superuser's
-- password, for it is a laptop's. In operation each has its own, and forsakringskassan is elsewhere.
\getenv password POSTGRES_PASSWORD
select format(statement, name, :'password')
from unnest(array['identity', 'consent', 'certificate_store', 'dispatch', 'forsakringskassan']) as name,
  unnest(array[
    'create role %1$s_owner login password %2$L',
    'create role %1$s_service login password %2$L',
    'create database %1$s owner %1$s_owner',
    'revoke all on database %1$s from public',
    'grant connect on database %1$s to %1$s_service'
  ]) with ordinality as statements (statement, place)
order by name, place
\gexec
