"""Uploads: pictures, arrays and tables that people bring, read with suspicion and kept."""
