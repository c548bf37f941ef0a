"""Dump → `Page`: the text cut into blocks, and what the dump claims about itself."""
