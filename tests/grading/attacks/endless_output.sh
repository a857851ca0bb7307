# Prints without end.
yes 0.5
