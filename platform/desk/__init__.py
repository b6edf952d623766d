"""Pages that compose many apps: reads only, no models."""
