"""Studies: made once, refilled, compared by settings."""

import threading
from dataclasses import replace

import optuna
import pytest
from optuna.trial import TrialState

from infomorphic.errors import StudyError
from infomorphic.studies import Study, WorkOptions, open_storage, table, work
from infomorphic.studies.engine.cells import CELL
from infomorphic.studies.engine.definition import ATTRIBUTE
from infomorphic.studies.engine.life import BEAT, Worker
from infomorphic.studies.engine.source import Source


def rewrite(study, **fields):
    """Change what a study says that it is."""
    record = study.definition.to_record()
    study.storage.set_study_user_attr(study.study_id, ATTRIBUTE, record | fields)


def numbers(study, state=TrialState.WAITING):
    return [t.user_attrs[CELL] for t in study.trials() if t.state == state]


def test_every_cell_waits_once(make):
    study = make()
    assert numbers(study) == [0, 1, 2, 3, 4, 5]
    assert [t.params for t in study.trials()][:2] == [{"model": "a", "size": 1}, {"model": "a", "size": 2}]
    assert (study.status().total, study.status().pending, study.status().seconds_left) == (6, 6, None)


def test_making_the_same_study_again_changes_nothing(make):
    make()
    assert numbers(make()) == [0, 1, 2, 3, 4, 5]


def test_two_that_make_the_same_study_at_once(make, url):
    open_storage(url)
    made = []
    threads = [threading.Thread(target=lambda: made.append(make("sizes=1,2,3,4"))) for _ in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert len(made) == 4
    # A cell may wait twice for a moment, but it is done and counted once.
    work(made[0])
    assert len(table(made[0])) == 8
    assert len(numbers(made[0], TrialState.COMPLETE)) == 8


def test_a_study_that_was_left_half_made_is_completed(make):
    study = make()
    for trial in study.trials()[3:]:
        study.storage.set_trial_state_values(trial._trial_id, TrialState.RUNNING)
        study.give_back(trial._trial_id, "interrupted", "test")
    assert study.refill() == 3
    assert sorted(numbers(study)) == [0, 1, 2, 3, 4, 5]
    assert study.refill() == 0


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (["sizes=1,2"], r"exists with other settings \(sizes = 1,2,3 there, 1,2 here\)"),
        (["training.seed=3"], r"other settings \(overrides = .* there, training.seed=3 here\)"),
    ],
)
def test_another_space_under_the_same_name(make, settings, message):
    make()
    with pytest.raises(StudyError, match=message):
        make(*settings)


def test_another_kind_under_the_same_name(make, url):
    make()
    with pytest.raises(StudyError, match="exists with the kind test, not other"):
        Study.create("s", "other", (), url=url)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (["size=1"], "has no setting 'size'; it has sizes, models.* Did you mean 'sizes'?"),
        (["sizes=one"], "`sizes.0` must be a valid integer.*got 'one'"),
        (["sizes=1,1"], "every value must be given once; got 1, 1"),
        (["sizes"], "must be written as key=value"),
        (["sizes="], "`sizes` must .*at least 1 item"),
    ],
)
def test_settings_that_cannot_be(make, settings, message):
    with pytest.raises(StudyError, match=message):
        make(*settings)


def test_a_grid_knows_its_number_of_trials(make):
    with pytest.raises(StudyError, match=r"determine its number of trials \(6\)"):
        make(trials=7)


def test_a_search_can_be_given_more_trials(searches, make):
    assert make().status().total == 5
    assert make(trials=8).status().total == 8
    assert make(trials=3).status().total == 8
    assert len(make().trials()) == 8


def test_a_study_that_is_not_there(make, url):
    make()
    with pytest.raises(StudyError, match=r"there is no study 'x' in sqlite:.*; there are s"):
        Study.open("x", url)


def test_a_study_of_someone_else(url):
    study = optuna.create_study(storage=open_storage(url), study_name="theirs")
    study.tell(study.ask(), 1.0)
    with pytest.raises(StudyError, match="has no definition"):
        Study.open("theirs", url)


def test_a_study_of_a_newer_version(make, url):
    rewrite(make(), format=99)
    with pytest.raises(StudyError, match=r"was made by infomorphic .*, whose studies this version .* cannot read"):
        Study.open("s", url)


def test_a_worker_with_other_code_refuses_unless_told(make, url):
    rewrite(make(), source=Source("0.0.1", "abc", "0" * 16)._asdict())
    study = Study.open("s", url)
    with pytest.raises(StudyError, match=r"made with other code: infomorphic 0\.0\.1 \(checksum 0000.*, commit abc\) there"):
        work(study)
    with pytest.raises(StudyError, match="other code"):
        make()
    assert work(study, WorkOptions(any_code=True)) == 6


def test_an_attempt_that_came_later_steps_back(make):
    study = make("sizes=1", "models=a")
    study._enqueue(study.cells()[0])
    me = Worker.this_process()
    # Whichever is taken first: the second in line is never run while the first is alive.
    first = study.claim(me)
    assert first.number == 0
    assert study.claim(me) is None
    assert [t.state for t in study.trials()] == [TrialState.RUNNING, TrialState.FAIL]
    assert study.trials()[1].user_attrs["failure"]["kind"] == "duplicate"


def test_a_result_that_comes_after_the_trial_was_given_up_does_not_count(make):
    study = make("sizes=1", "models=a")
    me = Worker.this_process()
    late = study.claim(me)
    study.bury(study.running())
    study.refill()
    again = study.claim(me)
    assert again.number == 1
    assert not study.finish(late._trial_id, {"score": 0.1}, 1.0, {})
    assert study.finish(again._trial_id, {"score": 0.2}, 1.0, {})
    assert table(study)["score"].tolist() == [0.2]


def test_an_answer_that_was_lost_on_the_way_is_no_loss(make):
    study = make("sizes=1", "models=a")
    trial = study.claim(Worker.this_process())
    assert study.finish(trial._trial_id, {"score": 0.1}, 1.0, {})
    # The same worker asks again, since it has not heard that it was done.
    assert study.finish(trial._trial_id, {"score": 0.1}, 1.0, {})
    assert len(table(study)) == 1


def test_a_retried_trial_of_a_search_keeps_its_parameters(searches, make):
    study = make("sampler=cmaes", trials=3)
    me = Worker.this_process()
    trial = study.claim(me)
    params = study.params_for(trial)
    study.storage.set_trial_system_attr(trial._trial_id, BEAT, 4)
    study.bury(study.running())
    study.refill()
    for _ in range(3):
        trial = study.claim(me)
        if trial.user_attrs[CELL] == 0:
            break
    assert study.params_for(trial) == params
    assert BEAT not in study.trials()[trial.number].system_attrs


def test_time_left_follows_from_what_is_done(make):
    study = make()
    me = Worker.this_process()
    for seconds in (2.0, 4.0):
        study.finish(study.claim(me)._trial_id, {"score": 1.0}, seconds, {})
    # Four trials at three seconds each.
    assert study.status().seconds_left == 12.0
    study.claim(me)
    assert study.status().seconds_left == 10.5
    study.claim(me)
    assert study.status().seconds_left == 4.5


def test_definitions_survive_the_storage(make, url):
    study = make("sizes=4,5")
    opened = Study.open("s", url)
    assert opened.definition == study.definition
    assert opened.settings == study.settings
    assert replace(opened.definition, grace=1.0) != study.definition
