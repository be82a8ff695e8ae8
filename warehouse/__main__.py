"""`python -m warehouse …` is the console script `service-quality …`."""

from warehouse.cli import main

main()
