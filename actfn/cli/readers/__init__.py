"""Reading streams: each reader turns bytes into an iterator of blocks, as soon as whole lines or numbers are there."""
