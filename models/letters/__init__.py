"""Letters: what people are told by mail. Words stand in templates/, once for the text and the HTML of a letter."""
