"""Whether deadlines fire, told to all; stopped and resumed by who administers."""

from tests.api.conftest import Running


def test_firing_is_stopped_and_resumed_over_http(running: Running) -> None:
    """Everybody is told that nothing expires now; how much waits is the administrator's to know."""
    with running.client() as admin, running.client("support") as support:
        assert support.get("/v1/deadlines").json()["paused"] is False
        assert support.post("/v1/deadlines/pause").status_code == 403
        paused = admin.post("/v1/deadlines/pause")
        assert (paused.status_code, paused.json()["pause"]["cause"]) == (200, "hand")
        assert paused.json()["due"] == 0
        told = support.get("/v1/deadlines").json()
        assert (told["paused"], told["due"], told["refused"]) == (True, None, None)
        assert support.post("/v1/deadlines/resume").status_code == 403
        assert admin.post("/v1/deadlines/resume").json()["paused"] is False
        assert admin.post("/v1/deadlines/resume").json()["pause"] is None
