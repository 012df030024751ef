import pytest
from sqlalchemy import text


@pytest.mark.parametrize("service", ["partners", "activities", "staffing", "finance", "notifications"])
async def test_world(service_world, service):
    org = await service_world.organisation()
    from contracts.partners import Role

    p = await service_world.member(org, Role.director)
    r = await p.get(f"/api/{service}/v1/nothing")
    assert r.status_code == 404, r.text
