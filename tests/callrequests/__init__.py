"""Call requests, as their specification and their reference have them."""
