"""Functions of one number and of a vector: what everything above works on."""
