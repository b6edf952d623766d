"""Facts handed on: written with the change that made them, delivered once per subscriber."""
