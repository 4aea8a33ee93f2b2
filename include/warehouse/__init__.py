"""The warehouse: months and results for people, SQL and reports. Training reads the lake, not this."""
