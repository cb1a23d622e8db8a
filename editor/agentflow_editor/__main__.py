"""`python -m agentflow_editor [FILE…]`, the same as `agentflow edit`."""

import sys

from agentflow.cli import edit

if __name__ == "__main__":
    sys.exit(edit())
