"""Never answers."""


def sigmoid(x):
    while True:
        pass
