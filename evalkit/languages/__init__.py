"""Languages: what a code means, and what evalkit has to know of the language."""
