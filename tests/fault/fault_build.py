"""Are the programs under test built to die where they are told to?"""

import os

from sandbox import Skip


def hooks_are_there(lab, peer):
    """Skips the test unless they are; FRR's file is then what FRR itself writes."""
    lab.daemon.fault("after_intent", "fail")
    answer = lab.patch(peer, {"description": "another"})
    if answer.status == 200:
        os.unlink(lab.daemon.fault_path)
        raise Skip("these programs were built without -DMH_FAULT")
    assert answer.status >= 500, answer
    lab.frr.vtysh("write memory")
