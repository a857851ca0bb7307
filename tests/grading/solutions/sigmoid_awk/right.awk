{
    if ($1 >= 0)
        printf "%.17g\n", 1 / (1 + exp(-$1))
    else
        printf "%.17g\n", exp($1) / (1 + exp($1))
}
