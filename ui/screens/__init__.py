"""What serves one page only, a folder for each page."""
