NR == 1 { printf "%.17g\n", 1 / (1 + exp(-$1)); exit 1 }
