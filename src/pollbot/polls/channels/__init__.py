"""In which channels a poll's cards hang: in more of them, or in one less."""
