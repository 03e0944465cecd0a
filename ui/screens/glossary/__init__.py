"""The Glossary page: its address, and how a term is shown."""
