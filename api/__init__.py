"""The API: resources, auth, errors, paging, masking and pages. It writes rows and commands, and never talks to a broker."""
