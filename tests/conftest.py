"""What holds for every test: nothing depends on the clock, and what failed once fails again."""

from hypothesis import HealthCheck, settings

# Examples are drawn the same in every run, and may take as long as they take on a machine that is busy.
settings.register_profile("suite", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")
