"""The five modes of orchestration, one file each."""
