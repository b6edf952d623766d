"""What programs of a person read of their money here."""
