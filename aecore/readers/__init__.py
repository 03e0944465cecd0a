"""The one reader of delimited text: bytes to text, text to cells, cells to columns, whatever program wrote the file."""
