"""The database: the only place that knows SQL. No table object ever leaves this folder."""
