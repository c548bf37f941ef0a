"""What a corpus costs: figures measured on a sample, the arithmetic on them, and a simulation that checks it."""
