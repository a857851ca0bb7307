# sigmoid(x) = 1/(1 + e^-x) of each number on standard input, a line each. Grade it with: actfn check sigmoid_awk.toml
{
    print "?"
}
