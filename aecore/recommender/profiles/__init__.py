"""User profiles: ratings and marks of films, their storage, import and export."""
