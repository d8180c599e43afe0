"""The command line: Hydra, exit codes, and what is printed."""
