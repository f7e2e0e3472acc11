"""Templates of people's own: polls that are kept to be asked again."""
