#include <math.h>
#include <stdio.h>

int main(void)
{
    double x;

    while (scanf("%lf", &x) == 1)
        printf("%.17g\n", log1p(exp(x)));
    return 0;
}
