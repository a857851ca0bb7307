{ printf "%f\n", 1 / (1 + exp(-$1)) }
