"""The proof: sentences about the product, run against real servers."""
