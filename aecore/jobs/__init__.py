"""Background jobs: the queue, worker processes, and the kinds of jobs."""
