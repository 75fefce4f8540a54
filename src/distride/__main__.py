"""`python -m distride`: the command line."""

from distride.cli import main

if __name__ == "__main__":
    main()
