"""The page of one party of one call request, and the page that ends mails: for who holds a link out of a mail."""
