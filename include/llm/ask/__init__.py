"""Questions become figures with their sources: heard, routed to a measure, read from the warehouse, told."""
