"""The directory of organisations, and staff who keep it."""

from __future__ import annotations

import pytest
from flask import Flask

from core.errors import Conflict, Forbidden
from network import permissions, queries, services
from network.models import Membership, MembershipPart, Organisation, OrganisationKind
from tests.programme import BROWSER, acting, counted, meanwhile
from tests.world import World

FACTS = {
    "kind": OrganisationKind.MUNICIPALITY,
    "name_el": "Δήμος Πέτρινου Κάμπου",
    "name_en": "Petrinos Kampos",
    "region_el": "",
    "region_en": "",
    "about_el": "",
    "about_en": "",
}


def test_the_directory_is_public_and_costs_the_same_for_one_and_for_three(app: Flask, world: World) -> None:
    costs = []
    for more in (1, 2):
        for _ in range(more):
            world.organisation()
        with counted(app) as statements:
            page = world.client().get("/organisations").text
        costs.append(len(statements))
    assert page.count('href="/organisations/') == 3
    assert costs == [2, 2]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=cooperative", ["koino"]),
        ("q=ΠΕΤΡΙΝ", ["petra"]),
        ("q=Πέτριν", ["petra"]),
        ("q=100%", []),
        ("kind=castle", ["koino", "petra"]),
        ("q=Municipality&kind=municipality", ["petra"]),
    ],
)
def test_filters(world: World, query: str, found: list[str]) -> None:
    world.organisation(slug="petra", name_el="Πέτρινος Δήμος")
    world.organisation(OrganisationKind.COOPERATIVE, slug="koino", name_el="Κοινό")
    page = world.client().get(f"/organisations?{query}").text
    assert [slug for slug in ("koino", "petra") if f'href="/organisations/{slug}"' in page] == found
    assert ("Nobody sits here yet" in page) is (not found)


def test_an_organisation_shows_its_cohorts_but_not_its_people(world: World) -> None:
    lead, chara = world.organisation(), world.chara()
    world.member(chara, lead)
    cohort, other = world.cohort(lead=lead), world.cohort()
    page = world.client(world.stranger()).get(f"/organisations/{lead.slug}").text
    assert cohort.slug in page
    assert other.slug not in page
    assert chara.name not in page
    assert world.client().get("/organisations/nowhere").status_code == 404


def test_who_acts_for_which_organisation(app: Flask, world: World) -> None:
    mine, other = world.organisation(name_el="Α"), world.organisation(name_el="Β")
    chara, viewer, stelios = world.chara(), world.person(), world.stelios()
    world.member(chara, mine)
    world.member(viewer, mine, MembershipPart.VIEWER)
    with acting(app):
        assert permissions.is_coordinator(chara, mine.id) is True
        assert permissions.is_coordinator(chara, other.id) is False
        for user in (viewer, stelios, world.stranger(), None):
            assert permissions.is_coordinator(user, mine.id) is False
            assert permissions.coordinates_any(user) is False
        assert [o.slug for o in queries.organisations_of(chara)] == [mine.slug]
        assert [o.slug for o in queries.organisations_of(stelios)] == [mine.slug, other.slug]
        assert queries.organisations_of(viewer) == queries.organisations_of(None) == []
        chara.active = False
        assert permissions.is_coordinator(chara, mine.id) is False


def test_members_come_change_and_go(app: Flask, world: World) -> None:
    body, stelios, chara = world.organisation(), world.stelios(), world.person(email="Chara@example.org")
    with acting(app) as session:
        row = session.get_one(Organisation, body.id)
        with pytest.raises(services.UnknownPerson):
            services.add_member(stelios, row, "nobody@example.org", MembershipPart.VIEWER)
        services.add_member(stelios, row, "chara@EXAMPLE.org ", MembershipPart.VIEWER)
        services.add_member(stelios, row, "chara@example.org", MembershipPart.COORDINATOR)
        (member,) = queries.members_of(row)
        assert (member.user_id, member.part) == (chara.id, MembershipPart.COORDINATOR)
        services.remove_member(stelios, row, chara)
        services.remove_member(stelios, row, chara)
        assert session.query(Membership).count() == 0


def test_only_staff_keep_the_directory(app: Flask, world: World) -> None:
    body, chara = world.organisation(), world.chara()
    world.member(chara, body)
    with acting(app):
        for user in (chara, world.author(), world.stranger(), None):
            for act in (
                lambda user=user: services.open_organisation(user, FACTS),
                lambda user=user: services.edit_organisation(user, body, FACTS),
                lambda user=user: services.add_member(user, body, chara.email, MembershipPart.VIEWER),
                lambda user=user: services.remove_member(user, body, chara),
            ):
                with pytest.raises(Forbidden):
                    act()


def test_a_double_click_opens_one_organisation(app: Flask, world: World) -> None:
    stelios = world.stelios()
    with acting(app):
        first = services.open_organisation(stelios, FACTS)
        assert services.open_organisation(stelios, FACTS).id == first.id
        other = services.open_organisation(stelios, FACTS | {"kind": OrganisationKind.REGION})
        first.created_at -= queries.MOMENT
        assert services.open_organisation(stelios, FACTS).slug == "dimos-petrinou-kabou-3"
    assert other.slug == "dimos-petrinou-kabou-2"


def test_two_halves_at_the_same_moment_open_one(app: Flask, world: World) -> None:
    stelios, irini = world.stelios(), world.admin()
    with acting(app), meanwhile(app, lambda: services.open_organisation(stelios, FACTS)):
        opened = services.open_organisation(stelios, FACTS)
    assert opened.slug == "dimos-petrinou-kabou"
    other = FACTS | {"name_el": "Δήμος Ανεμόραχης"}
    region = other | {"kind": OrganisationKind.REGION}
    with acting(app), meanwhile(app, lambda: services.open_organisation(irini, region)), pytest.raises(Conflict):
        services.open_organisation(stelios, other)  # another one took the address
    with world.session() as session:
        assert session.query(Organisation).count() == 2


def test_staff_open_and_edit_an_organisation_in_the_browser(world: World) -> None:
    staff, chara = world.client(world.stelios()), world.chara()
    words = FACTS | {"kind": "municipality"}
    opened = [staff.post("/staff/organisations/new", data=words).headers["Location"] for _ in range(2)]
    assert opened == ["/staff/organisations/dimos-petrinou-kabou"] * 2
    address = opened[0]
    assert staff.post(address, data=words | {"name_el": " "}).status_code == 422
    assert staff.post(address, data=words | {"kind": "castle"}).status_code == 422
    assert staff.post(address, data=words | {"about_el": "Δώδεκα χωριά."}).status_code == 303
    assert "Δώδεκα χωριά." in world.client().get("/organisations/dimos-petrinou-kabou").text
    for email, status in (("", 422), ("nobody@example.org", 422), (chara.email, 303), (chara.email, 303)):
        given = staff.post(f"{address}/members", data={"email": email, "part": "coordinator"})
        assert given.status_code == status
    assert world.client(chara).get("/coordinate").status_code == 200
    assert staff.post(f"{address}/members/{chara.pid}/remove").status_code == 303
    assert staff.post(f"{address}/members/{chara.pid}/remove").status_code == 404
    assert world.client(chara).get("/coordinate").status_code == 403
    assert world.client(world.stranger()).get("/staff/organisations").status_code == 403
    assert world.client().get("/staff/organisations", headers=BROWSER).status_code == 302


def test_added_twice_at_the_same_moment_they_stand_once(app: Flask, world: World) -> None:
    stelios, chara, lead = world.stelios(), world.chara(), world.organisation()

    def add(part: MembershipPart) -> Membership:
        return services.add_member(stelios, lead, chara.email, part)

    with acting(app), meanwhile(app, lambda: add(MembershipPart.VIEWER)):
        assert add(MembershipPart.COORDINATOR).part is MembershipPart.VIEWER
    with world.session() as session:
        assert session.query(Membership).count() == 1
