"""Lessons of the courses have one form: an aim, exercises with solutions, links to their neighbors, and about the same length."""

import re
from urllib.parse import parse_qs

import pytest

from infomorphic.goals import Goal
from infomorphic.pid.lattice import redundancy_lattice
from loading import ROOT, load_script

COURSES = ROOT / "docs" / "courses"
LESSONS = {course.name: sorted(course.glob("[0-9]-*.md")) for course in sorted(COURSES.iterdir()) if course.is_dir()}
EVERY_LESSON = [lesson for lessons in LESSONS.values() for lesson in lessons]
LONGEST, WORDS_PER_MINUTE, MINUTES_PER_EXERCISE = 20, 150, 5


def minutes_of(page):
    """The time of a lesson by the rule of `docs/courses/index.md`."""
    text = re.sub(r"^```.*?^```|<details.*?</details>", "", page, flags=re.MULTILINE | re.DOTALL)
    return len(text.split()) / WORDS_PER_MINUTE + MINUTES_PER_EXERCISE * exercises_of(page)


def exercises_of(page):
    return len(re.findall(r"^\*\*\d+\.\*\* ", page.partition("\n## Exercises\n")[2], re.MULTILINE))


def title_of(lesson):
    return lesson.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")


def name(lesson):
    return f"{lesson.parent.name}-{lesson.stem}"


@pytest.mark.parametrize("lesson", EVERY_LESSON, ids=name)
def test_a_lesson_has_an_aim_and_exercises_with_solutions(lesson):
    page = lesson.read_text(encoding="utf-8")
    assert page.startswith(f"# {lesson.stem[0]}. ")
    assert page.split("\n")[2].startswith("**Aim:** ")
    assert re.search(r"^## What (you|students) know now$", page, re.MULTILINE)
    assert exercises_of(page) >= 2
    assert page.count('<details markdown="1">\n<summary>Solution</summary>\n\n') == page.count("\n\n</details>\n") == exercises_of(page)


@pytest.mark.parametrize("course", LESSONS)
def test_a_lesson_links_to_its_neighbors(course):
    lessons = LESSONS[course]
    assert len(lessons) >= 5
    for at, lesson in enumerate(lessons):
        *_, last = lesson.read_text(encoding="utf-8").strip().split("\n")
        before = lessons[at - 1].name if at else "index.md"
        after = lessons[at + 1].name if at + 1 < len(lessons) else "index.md"
        assert re.findall(r"\]\(([^)]+)\)", last) == [before, after]


@pytest.mark.parametrize("course", LESSONS)
def test_the_list_of_lessons_and_the_site_have_their_order(course):
    listed = re.findall(r"^\| \[([^]]+)\]\(([^)]+)\) \|", (COURSES / course / "index.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert [file for _, file in listed] == [lesson.name for lesson in LESSONS[course]]
    for (title, _), lesson in zip(listed, LESSONS[course], strict=True):
        assert title_of(lesson).startswith(title)
    navigation = re.findall(rf"courses/{course}/(\S+)", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    assert navigation == ["index.md", *(lesson.name for lesson in LESSONS[course])]


@pytest.mark.parametrize("lesson", EVERY_LESSON, ids=name)
def test_a_lesson_is_short(lesson):
    assert minutes_of(lesson.read_text(encoding="utf-8")) <= LONGEST


@pytest.mark.parametrize("lesson", LESSONS["teacher"], ids=name)
def test_the_parts_of_a_class_add_up_to_45_minutes(lesson):
    assert sum(map(int, re.findall(r"^\| (\d+) \| ", lesson.read_text(encoding="utf-8").partition("\n## ")[0], re.MULTILINE))) == 45


def test_addresses_of_the_playground_are_ones_that_it_reads():
    static = ROOT / "src" / "infomorphic" / "playground" / "static"
    scripts = {path.stem: path.read_text(encoding="utf-8") for path in static.glob("*.js")}
    links = {
        link
        for page in (ROOT / "docs").rglob("*.md")
        for link in re.findall(r"playground/(\w+)\.html#([^)]+)\)", page.read_text(encoding="utf-8"))
    }
    assert len(links) >= 20
    for page, state in links:
        given = {key: value for key, (value,) in parse_qs(state, strict_parsing=True).items()}
        defaults = re.search(r"const DEFAULTS = \{(.*?)\};", scripts[page])[1]
        assert given.keys() <= set(re.findall(r"(\w+):", defaults)), (page, state)
        for key in given.keys() & {"gate", "measure", "task"}:
            choices = scripts[{"gate": "gates", "measure": "engine", "task": "tasks"}[key]]
            assert re.search(rf"^ +{given[key]}(: [\[{{]|,$)", choices, re.MULTILINE), (page, state)
        sources = "FCL" if given.get("task") == "digits" else "FC"
        for key in given.keys() & {"goal", "second"}:
            Goal.parse(given[key], sources=sources)


@pytest.mark.parametrize(("number", "word"), [(2, "two"), (3, "three")])
def test_diagrams_to_print_have_every_region_and_names_only_where_they_should(number, word, tmp_path):
    tool = load_script("tools/blank_diagrams.py")
    for named in (False, True):
        tool.draw(number, tmp_path / "drawn.svg", named=named)
        drawn = (tmp_path / "drawn.svg").read_text(encoding="utf-8")
        kept = (ROOT / "docs" / "images" / f"{'named' if named else 'blank'}-diagram-{word}.svg").read_text(encoding="utf-8")
        names = re.findall(r">(\{[^<]*)<", kept)
        assert names == re.findall(r">(\{[^<]*)<", drawn)
        assert kept.count("<path") == drawn.count("<path")
        sets = "".join(redundancy_lattice(number).labels()) if named else ""
        assert set(re.findall(r"\{\d+\}", "".join(names))) == set(re.findall(r"\{\d+\}", sets))
