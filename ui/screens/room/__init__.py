"""The Room page: open and join a room, its people, polls, questions and the wall of its runs."""
