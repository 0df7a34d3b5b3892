"""The workers: what carries out the commands that the ledger owes."""
