"""`python -m agentflow_editor [FILE…]`: starts the editor."""

import sys

from agentflow_editor.app import main

if __name__ == "__main__":
    sys.exit(main())
