"""What the articles of a site have in common: sketches of them, the lines learned from those, and the file that keeps both."""
