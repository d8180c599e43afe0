"""What all commands share at run time: the cache, silence for libraries, and provenance."""
