"""The public pages of mentors: who opens one, who writes it, what it refuses."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from core.errors import Forbidden
from mentors.models import Mentor
from mentors.plans import AboutMentor
from mentors.services import pages
from mentors.services.people import UnknownPerson
from tests.programme import acting, counted, meanwhile
from tests.world import World

WORDS = {
    "headline_el": "Γεωπόνος, είκοσι χρόνια σε συνεταιρισμούς",
    "bio_el": "Ξεκίνησα σε **λιοτρίβι**.\n\n<script>κακό</script>",
    "links": "https://geoponos.example/\nhttps://koinonia.example/anthi",
}


@pytest.fixture
def anthi(world: World) -> Any:
    """A mentor with an empty page."""
    person = world.person("Ανθή")
    world.add(Mentor(slug="anthi", user_id=person.id, headline_el="Γεωπόνος"))
    return person


def said(world: World) -> Mentor:
    with world.session() as session:
        return session.query(Mentor).one()


def test_a_mentor_writes_their_own_page(world: World, anthi: Any) -> None:
    theme, other = world.theme(slug="agri-food"), world.theme(slug="health")
    client = world.client(anthi)
    assert 'href="/mentors/anthi/edit"' in client.get("/mentors/anthi").text
    assert client.post("/mentors/anthi/edit", data=WORDS | {"revision": "1", "themes": theme.id}).status_code == 303
    page = world.client().get("/mentors/anthi").text
    assert "<strong>λιοτρίβι</strong>" in page
    assert "<script>κακό" not in page
    assert '<a href="https://koinonia.example/anthi" rel="noopener nofollow ugc">' in page
    assert f"/themes/{theme.slug}" in page
    assert f"/themes/{other.slug}" not in page
    assert "/mentors/anthi/edit" not in page
    assert 'value="2"' in client.get("/mentors/anthi/edit").text


def test_staff_write_it_too_and_others_do_not(app: Flask, world: World, anthi: Any) -> None:
    about = AboutMentor("Αγρότισσα", "", "", "", [], [])
    world.member(chara := world.chara(), world.organisation())
    for user in (world.stranger(), world.alice(), world.vasilis(), world.author(), chara):
        client = world.client(user)
        assert client.get("/mentors/anthi/edit").status_code == 403
        assert client.post("/mentors/anthi/edit", data=WORDS | {"revision": "1"}).status_code == 403
        assert client.get("/mentors/new").status_code == 403
        with acting(app), pytest.raises(Forbidden):
            pages.edit_page(user, said(world), 1, about)
        with acting(app), pytest.raises(Forbidden):
            pages.open_page(user, user.email, "Ειδικός")
    assert said(world).headline_el == "Γεωπόνος"
    assert world.client(world.stelios()).post("/mentors/anthi/edit", data=WORDS | {"revision": "1"}).status_code == 303
    assert said(world).headline_el == WORDS["headline_el"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"headline_el": " "}, "Please fill this in."),
        ({"headline_el": "α" * 201}, "This is 1 character too long."),
        ({"bio_el": "α" * 4001}, "This is 1 character too long."),
        ({"links": "http://plain.example"}, "This isn&#39;t a whole address from https:// on: http://plain.example"),
        ({"links": "javascript:alert(1)"}, "This isn&#39;t a whole address from https:// on: javascript:alert(1)"),
        ({"links": "https://a@b.example"}, "This isn&#39;t a whole address from https:// on"),
        ({"links": "https://[bad"}, "This isn&#39;t a whole address from https:// on"),
        ({"links": "\n".join(f"https://{n}.example" for n in range(6))}, "At most 5 links."),
        ({"themes": "999"}, "Not a valid choice"),
    ],
)
def test_what_the_page_refuses_keeps_what_was_typed(
    world: World, anthi: Any, change: dict[str, str], sentence: str
) -> None:
    facts = WORDS | {"revision": "1", "headline_en": "Kept as typed"} | change
    answer = world.client(anthi).post("/mentors/anthi/edit", data=facts)
    assert answer.status_code == 422
    assert sentence in answer.text or "999" in str(change)
    assert "Kept as typed" in answer.text
    assert said(world).revision == 1


def test_nobody_overwrites_unseen(world: World, anthi: Any) -> None:
    mine, staff = world.client(anthi), world.client(world.stelios())
    assert staff.post("/mentors/anthi/edit", data=WORDS | {"revision": "1"}).status_code == 303
    late = mine.post("/mentors/anthi/edit", data={"headline_el": "Δικά μου λόγια", "revision": "1"})
    assert late.status_code == 409
    assert "Δικά μου λόγια" in late.text
    assert said(world).headline_el == WORDS["headline_el"]
    again = {"headline_el": "Δικά μου", "links": "", "revision": "2"}
    assert mine.post("/mentors/anthi/edit", data=again).status_code == 303
    assert (said(world).headline_el, said(world).links) == ("Δικά μου", [])


def test_staff_open_a_page_and_the_mentor_finds_it(world: World) -> None:
    staff, eleni = world.client(world.stelios()), world.person("Ελένη")
    assert 'href="/mentors/new"' in staff.get("/mentors").text
    assert 'href="/mentors/new"' not in world.client(world.stranger()).get("/mentors").text
    for email, status in (("", 422), ("nobody@example.org", 422), (eleni.email.upper(), 303), (eleni.email, 303)):
        assert staff.post("/mentors/new", data={"email": email, "headline_el": "Νοσηλεύτρια"}).status_code == status
    address = f"/mentors/{said(world).slug}"
    assert "Νοσηλεύτρια" in world.client().get("/mentors").text
    assert f'href="{address}/edit"' in world.client(eleni).get("/modules").text
    assert "/edit" not in world.client(world.stranger()).get("/modules").text


def test_two_halves_at_the_same_moment_open_one_page(app: Flask, world: World) -> None:
    stelios, eleni = world.stelios(), world.person("Ελένη")
    with acting(app), meanwhile(app, lambda: pages.open_page(stelios, eleni.email, "Νοσηλεύτρια")):
        assert pages.open_page(stelios, eleni.email, "Νοσηλεύτρια").user_id == eleni.id
    twin = world.person("Ελένη", family=eleni.family_name)
    with acting(app):
        slugs = [pages.open_page(stelios, person.email, "Γιατρός").slug for person in (eleni, twin)]
        assert slugs[1] == f"{slugs[0]}-2"
        with pytest.raises(UnknownPerson):
            pages.open_page(stelios, "nobody@example.org", "Κανείς")


def test_the_page_costs_the_same_whoever_writes_it(app: Flask, world: World, anthi: Any) -> None:
    with counted(app) as statements:
        world.client().get("/mentors/anthi")
    assert len(statements) == 3  # the mentor, their themes, their cohorts
