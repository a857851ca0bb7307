"""Results to text: one neutral record, one renderer per format."""
