"""What the Tours page is made of."""
