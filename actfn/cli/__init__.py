"""The command line. A command is: resolve, analyse, emit."""
