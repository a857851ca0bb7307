#include <math.h>
#include <stdio.h>

int main(void)
{
    float x;

    while (scanf("%f", &x) == 1)
        printf("%.17g\n", fmaxf(x, 0) + log1pf(expf(-fabsf(x))));
    return 0;
}
