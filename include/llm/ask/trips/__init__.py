"""Questions on trips are read by a grammar: what is measured, of which trips, told apart by what, held against what."""
