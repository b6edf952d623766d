"""The ground floor: values and vocabulary every room shares; no models, no I/O."""
