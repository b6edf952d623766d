"""Cover per order line: what an insurer promises beside the law, bought only on purpose, paid on time."""
