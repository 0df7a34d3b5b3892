"""Tests of the chaos: whoever judges must be judged too."""
