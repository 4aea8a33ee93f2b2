"""Who answers: champions, where they are named and kept, and what stands in for them."""
