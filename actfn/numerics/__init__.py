"""Arrays in, arrays out: kernels that hold their digits, and the float formats."""
