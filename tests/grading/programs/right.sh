awk '{printf "%.17g\n", 1/(1+exp(-$1))}'
