"""`/module/`: the pages of appointments, which show and write what `/rest-api` does, by its rules."""
