#include <math.h>
#include <stdio.h>

int main(void)
{
    double x;

    while (scanf("%lf", &x) == 1)
        printf("%f\n", fmax(x, 0) + log1p(exp(-fabs(x))));
    return 0;
}
