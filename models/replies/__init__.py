"""Replies: what people write back to texts of ours, in their languages: yes or no, or to be left alone."""
