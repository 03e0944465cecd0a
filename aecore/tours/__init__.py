"""Guided tours: lessons written as YAML files that move through the pages of the app, and what each person has done."""
