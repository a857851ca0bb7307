# Prints the right number in words around it.
awk '{printf "sigmoid = %.17g\n", 1/(1+exp(-$1))}'
