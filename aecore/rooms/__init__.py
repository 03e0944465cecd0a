"""Rooms: a class that follows its host, with names, polls, questions and runs."""
