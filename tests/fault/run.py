#!/usr/bin/python3
"""Runs the fault tests; the last line counts. MH_BUILD: default build/fault."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "e2e"))
from run import guarded  # pylint: disable=wrong-import-position

os.environ.setdefault("MH_BUILD", "build/fault")
guarded(HERE, "fault")
