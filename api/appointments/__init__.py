"""`/rest-api`: calendars, events and alarms, and what they need; each resource is one declaration."""
