"""A poll to take along: its results, answers and comments as files, for who may manage it."""
