"""What every test may ask for."""

import pytest

from tests.scenes import Scene, build_scene


@pytest.fixture
def scene(db: None) -> Scene:
    """The small city of tests/scenes.py."""
    return build_scene()
