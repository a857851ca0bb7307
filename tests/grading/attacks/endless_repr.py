class Long:
    def __repr__(self):
        return "x" * 10**7


def sigmoid(x):
    return Long()
