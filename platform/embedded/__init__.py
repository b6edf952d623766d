"""Starts the bundled Postgres and Valkey and watches the processes of a one-machine installation."""
