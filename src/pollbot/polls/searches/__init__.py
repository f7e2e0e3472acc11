"""Polls that are looked for: by their words, their state, their age, and where they hang."""
