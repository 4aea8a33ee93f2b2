"""A plan is carried out on the warehouse, which is only read."""
