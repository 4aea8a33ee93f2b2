"""The dashboard: pages that ask the warehouse, the lake and the services, and pure functions that draw the answers."""
