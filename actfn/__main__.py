"""python -m actfn"""

from actfn.cli.app import main

main()
