"""What a person does with the output of a run: look at it, compare it, correct it, and learn from the corrections."""
