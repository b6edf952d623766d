"""The staff pages of this room."""

from oversight.web.desk import MatterAdmin as MatterAdmin
