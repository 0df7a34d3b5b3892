"""How fast: Trunkline beside a plain pipeline, a naive application and a bare INSERT, on servers of its own."""
