"""Lessons of the courses have one form: an aim, exercises with solutions, links to their neighbors, and about the same length."""

import re

import pytest

from loading import ROOT

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
    assert "\n## What you know now\n" in page
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
