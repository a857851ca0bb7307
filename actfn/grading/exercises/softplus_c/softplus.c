/* softplus(x) = log(1 + e^x) of each number on standard input, a line each, without overflow.
   Grade it with: actfn check softplus_c.toml */
#include <math.h>
#include <stdio.h>

static double softplus(double x)
{
    return x; /* not yet */
}

int main(void)
{
    double x;

    while (scanf("%lf", &x) == 1)
        printf("%.17g\n", softplus(x));
    return 0;
}
