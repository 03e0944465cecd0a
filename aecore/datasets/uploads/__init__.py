"""Uploads: pictures, arrays and tables from users, validated and stored."""
