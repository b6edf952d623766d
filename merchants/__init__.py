"""Who may sell, who acts for them, and how they stand."""
