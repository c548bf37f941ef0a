"""The commands of the command line, a file each: arguments → `Settings` → one call."""
