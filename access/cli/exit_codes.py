"""What the exit code of the command says."""

ANSWERED = 0
FAILED = 1
NOTHING_FOUND = 3
STOPPED = 130
