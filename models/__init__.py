"""The truth: rows, the ledger of commands, deliveries and people. Imports nothing of ours."""
