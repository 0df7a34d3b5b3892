"""The API: resources, auth, errors, paging, masking. It writes rows and commands and never talks to a broker."""
