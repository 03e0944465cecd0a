"""Words: short labelled texts as rows of zeros and ones, embeddings learned from them, and their evaluation."""
