"""Neural models: where they are found, how COMET checkpoints score, and the small one that comes with evalkit."""
