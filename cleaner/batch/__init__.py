"""A batch: windows of the input through `clean`, each to rows and rejects that are written whole or not at all."""
