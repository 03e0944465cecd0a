"""The Lecture page: a check list that the app runs itself, how to give the first lecture, and a sheet to print."""
