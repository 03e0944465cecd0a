"""What is kept on disk: content that people brought, with a trash, and results that can be computed again."""
