"""The version of evalkit, which the package offers and every run records."""

__version__ = "0.1.0"
