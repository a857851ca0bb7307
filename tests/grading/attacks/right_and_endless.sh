# Answers rightly and prints a gigabyte after it.
awk '{printf "%.17g\n", 1/(1+exp(-$1))}'
head -c 1000000000 /dev/zero
