"""Training of recommenders: as a run, and of the built-in one."""
