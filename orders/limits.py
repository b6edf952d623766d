"""Bounds of what a person may type; each is also a database constraint."""

from __future__ import annotations

MOST_OF_ONE = 999
MOST_LINES = 60
NAME_LENGTH = 60
ADDRESS_LENGTH = 200
NOTE_LENGTH = 500
TRACKING_LENGTH = 40
LABEL_LENGTH = 20
POINT_NAME_LENGTH = 40
OPENING_LENGTH = 120
MOST_ADDRESSES = 20
