"""python app.py: the same as `pollbot serve`."""

import sys

from pollbot.cli import main

if __name__ == "__main__":
    sys.exit(main(["serve"]))
