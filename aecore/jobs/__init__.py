"""Everything that takes time: queues, worker processes, and what they can be asked to do."""
