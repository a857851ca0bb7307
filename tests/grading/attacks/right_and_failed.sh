# Answers rightly and says that it failed.
awk '{printf "%.17g\n", 1/(1+exp(-$1))}'
exit 3
