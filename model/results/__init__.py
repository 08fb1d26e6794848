"""What every reader of a run reads, and how it is written."""
