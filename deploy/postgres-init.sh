#!/usr/bin/env bash
# Run once by the Postgres image on an empty volume: the three roles and the database.
set -euo pipefail
literal() { printf "'%s'" "$(cat "/run/secrets/$1")"; }
psql -v ON_ERROR_STOP=1 -U postgres \
  -v owner_password="$(literal owner_password)" \
  -v app_password="$(literal app_password)" \
  -v portal_password="$(literal portal_password)" \
  -f /roles.sql
