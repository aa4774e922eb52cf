"""The tests, and what they stand on: support/ holds helpers, testbed/ the real things that tests run against."""
