"""Everything a person reads. No database, no network."""
