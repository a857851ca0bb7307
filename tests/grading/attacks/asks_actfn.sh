# Has actfn answer.
actfn eval sigmoid
