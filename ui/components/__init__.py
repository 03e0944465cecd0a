"""Custom components: HTML, CSS and JavaScript in a folder each, and the Python that feeds them."""
