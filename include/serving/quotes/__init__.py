"""What is said of a trip: its zones, its surcharges, the whole quote."""
