"""What all tests share."""

from hypothesis import settings

# The same examples on every run, however slow the machine: red means the code changed.
# `pytest --hypothesis-profile=search` looks for new ones.
settings.register_profile(
    "steady", derandomize=True, deadline=None, database=None, max_examples=30
)
settings.register_profile("search", deadline=None, max_examples=500)
settings.load_profile("steady")
