"""What a carrier, and a carrier in a box, must do."""
