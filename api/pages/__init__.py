"""The web pages: for mentors, and below `/admin/` for administrators."""
