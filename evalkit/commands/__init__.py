"""One module per command: what it does, from top to bottom, in plain Python without Hydra."""
