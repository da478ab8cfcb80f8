"""Our measures beside PySAL `access`: the same matrices, the largest difference, the ratio of times."""
