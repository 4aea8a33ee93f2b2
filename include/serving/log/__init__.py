"""Every answer on its way to the prediction log: memory, disk, database."""
