import math


def softmax(x):
    parts = [math.exp(each - max(x)) for each in x]
    return [part / sum(parts) for part in parts]
