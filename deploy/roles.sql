-- Roles and database for an external Postgres 15 or newer. Run once as its superuser:
--   psql -v owner_password="'…'" -v app_password="'…'" -v portal_password="'…'" -f deploy/roles.sql
-- The three are ordinary roles. None is a superuser: a superuser passes every row-level policy.
--   owner   migrations, `manage grants`, `manage bootstrap`      DATABASE_URL of the migrate job
--   app     the site, worker, beat and relay                      DATABASE_URL of everything that serves
--   portal  merchants' pages and API: the site changes to it for one transaction (SET LOCAL ROLE); it never connects
CREATE ROLE anxin_owner  LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :owner_password;
CREATE ROLE anxin_app    LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :app_password;
CREATE ROLE anxin_portal LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :portal_password;
-- NOINHERIT above: the site has the portal's narrow view only after changing to it, not besides its own.
GRANT anxin_portal TO anxin_app;

-- C.UTF-8 as LC_CTYPE: with plain C the trigram search sees no letters in Chinese text. Order by C: the same everywhere.
CREATE DATABASE anxin OWNER anxin_owner TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8';
REVOKE ALL ON DATABASE anxin FROM PUBLIC;

-- pg_trgm and btree_gist are trusted extensions: the first migration makes them as the owner.
-- What app and portal may do is granted after each migration, as the owner:
--   DATABASE_URL=postgres://anxin_owner:…@host/anxin python manage.py migrate
--   DATABASE_URL=postgres://anxin_owner:…@host/anxin python manage.py grants
-- They may not change the schema, and on tables that are only ever added to they may not UPDATE, DELETE or TRUNCATE.
-- A trigger refuses the same to the owner.
