"""python -m handsets"""

from handsets.cli import main

if __name__ == "__main__":
    main()
