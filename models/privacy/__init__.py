"""Privacy on request: all that is held about somebody, told or erased."""
