"""The commands of `actfn demo`, a module each. A demo is: resolve, run an experiment, report."""
