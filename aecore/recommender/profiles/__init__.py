"""User profiles: who rated what, how it is kept, imported and exported."""
