"""`/api/v1`: accounts and heroes, call requests between them, and the conferences in which they meet."""
