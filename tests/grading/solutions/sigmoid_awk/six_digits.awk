{ print 1 / (1 + exp(-$1)) }
