"""What operators type, command by command."""
