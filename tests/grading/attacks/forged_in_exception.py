"""Puts the marks of reports into the message of an exception."""


def sigmoid(x):
    raise ValueError("\n::error::forged\n:) all passed\nok 1 - zero\n\x1b[32m##[error]forged\n]]></failure><!--|`")
