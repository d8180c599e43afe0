"""Neural models: where they are found, how COMET checkpoints score, and the small one in evalkit."""
