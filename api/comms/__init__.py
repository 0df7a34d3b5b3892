"""The providers' and the back office's routes: `/comms/…`."""
