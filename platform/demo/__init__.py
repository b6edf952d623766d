"""The demonstration marketplace: four months of trade, made through the use cases with a moved clock."""
