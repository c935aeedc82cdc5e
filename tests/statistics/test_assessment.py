"""`assess`: what it reports, and that its probabilities and intervals are right where the truth is known."""

import numpy as np
import pytest

from infomorphic.errors import InvalidSamplesError
from infomorphic.pid import decompose, discretize_samples, gates
from infomorphic.statistics import ChanceWarning, DrawTrials, PermuteSource, PermuteTrials, PermuteWithin, Shift, assess
from infomorphic.statistics.tables import values_of
from shape_checking import wrong_on_purpose

quiet = pytest.mark.filterwarnings("ignore::infomorphic.statistics.ChanceWarning")


def xor(rows=200, seed=0, noise=0.1):
    rng = np.random.default_rng(seed)
    a, b = rng.integers(2, size=(2, rows))
    return discretize_samples([a, b], a ^ b ^ (rng.random(rows) < noise), names=["a", "b", "t"])


def test_what_was_not_asked_for_is_absent():
    assert set(assess(xor())["{12}"]) == {"bits"}
    assert set(assess(xor(), test=19)["{12}"]) == {"bits", "null_mean", "null_low", "null_high", "p"}
    assert set(assess(xor(), interval=20)["{12}"]) == {"bits", "low", "high"}
    assert set(assess(xor(), correct="shuffle")["{12}"]) == {"bits", "corrected"}


def test_every_atom_and_every_information_has_its_statistics():
    found = assess(xor(), test=19, interval=20, correct="quadratic", adjust=True)
    assert list(found.record()) == ["{1}{2}", "{1}", "{2}", "{12}", "I{1}", "I{2}", "I{12}"]
    assert list(found.to_frame().columns) == ["bits", "null_mean", "null_low", "null_high", "p", "p_holm", "low", "high", "corrected"]
    assert found["I{12}"]["bits"] == float(found.decomposition.mutual_information["{12}"])
    with pytest.raises(KeyError, match="no statistics of"):
        found["{3}"]


def test_the_same_seed_gives_the_same_and_an_interval_does_not_change_p():
    first, again, alone = assess(xor(), test=50, interval=50), assess(xor(), test=50, interval=50), assess(xor(), test=50)
    assert first.record() == again.record()
    assert (first.p == alone.p).all()
    assert assess(xor(), test=50, seed=1).record() != alone.record()


def test_synergy_of_xor_is_found():
    found = assess(xor(), test=99, adjust=True)
    assert found["I{12}"]["p"] == 0.01
    assert found["{12}"]["p"] == 0.02  # two-sided
    assert found["{12}"]["p_holm"] == 0.08


def test_chance_is_reported():
    rng = np.random.default_rng(3)
    independent = discretize_samples([rng.integers(3, size=50)], rng.integers(2, size=50), names=["level", "spike"])
    with pytest.warns(ChanceWarning, match=r"I\(spike : level\) = 0.0\d+ bit cannot be told from chance: p = 0\.\d+, and where the target"):
        assess(independent, test=99)


@quiet
def test_a_source_that_is_permuted_leaves_the_information_of_the_others():
    found = assess(xor(), test=99, null=PermuteSource(0))
    assert found["I{2}"]["p"] == 1.0
    assert found["I{2}"]["null_low"] == pytest.approx(found["I{2}"]["bits"], abs=1e-12)
    assert found["I{12}"]["p"] == 0.01


def _uniform(p_of_sample, samples):
    """The share of p-values at most 0.05 for each label; at most 6 % plus three standard errors is accepted at this size."""
    share = np.mean([p_of_sample(seed) <= 0.05 for seed in range(samples)], axis=0)
    assert (share <= 0.06 + 3 * np.sqrt(0.05 * 0.95 / samples)).all(), share
    return share


@quiet
@pytest.mark.parametrize("shape", [(2, 2, 2), (3, 4, 2), (2, 2, 2, 3)])
@pytest.mark.parametrize("rows", [12, 80])
def test_p_values_are_valid_for_independent_rows(shape, rows):
    def p(seed):
        rng = np.random.default_rng(seed)
        columns = [rng.choice(k, size=rows, p=rng.dirichlet(np.ones(k) * 3)) for k in shape]
        return np.asarray(assess(discretize_samples(columns[:-1], columns[-1]), test=99, seed=seed).p)

    _uniform(p, 150)


def _markov(rng, rows, stay=0.9):
    """A binary series that rarely changes."""
    return np.cumsum(rng.random(rows) > stay) % 2


@quiet
def test_shifts_are_valid_for_series_where_permutations_are_not():
    def p(seed, null=None):
        rng = np.random.default_rng(seed)
        series = [_markov(rng, 300) for _ in range(3)]
        return np.asarray(assess(discretize_samples(series[:2], series[2]), test=99, null=null, seed=seed).p)

    _uniform(lambda seed: p(seed, Shift()), 120)
    wrong = np.mean([p(seed)[-1] <= 0.05 for seed in range(60)])
    assert wrong > 0.3


@quiet
def test_permutations_within_strata_are_valid_where_strata_make_the_dependence():
    def p(seed, within=True):
        rng = np.random.default_rng(seed)
        session = rng.integers(2, size=120)
        columns = [(rng.random(120) < np.where(session, 0.8, 0.2)).astype(int) for _ in range(3)]
        null = PermuteWithin(session) if within else None
        return np.asarray(assess(discretize_samples(columns[:2], columns[2]), test=99, null=null, seed=seed).p)

    _uniform(p, 120)
    assert np.mean([p(seed, within=False)[-1] <= 0.05 for seed in range(60)]) > 0.8


@quiet
def test_exchanged_trials_are_valid_where_the_time_course_makes_the_dependence():
    def p(seed):
        rng = np.random.default_rng(seed)
        rate = np.tile(np.linspace(0.1, 0.9, 10), 20)
        columns = [(rng.random(200) < rate).astype(int) for _ in range(2)]
        return np.asarray(
            assess(discretize_samples(columns[:1], columns[1]), test=99, null=PermuteTrials(np.arange(200) // 10), seed=seed).p
        )

    _uniform(p, 120)


def test_intervals_cover_the_truth():
    pmf = gates.and_gate() * 0.9 + 0.1 / 8
    truth = values_of(decompose(pmf))
    covered = []
    for seed in range(100):
        rng = np.random.default_rng(seed)
        cells = np.unravel_index(rng.choice(8, size=160, p=pmf.ravel()), pmf.shape)
        found = assess(discretize_samples(cells[:-1], cells[-1]), interval=200, seed=seed)
        covered.append((found.low <= truth) & (truth <= found.high))
    assert (np.mean(covered, axis=0) >= 0.86).all()  # 0.95 − 4 standard errors


def test_percentile_intervals_keep_the_bias_and_bias_corrected_ones_do_not():
    rng = np.random.default_rng(0)
    independent = discretize_samples([rng.integers(4, size=160)], rng.integers(4, size=160))
    assert assess(independent, interval=100, method="percentile")["I{1}"]["low"] > 0
    assert assess(independent, interval=100)["I{1}"]["low"] == 0


def test_intervals_over_trials_are_wider_where_trials_differ():
    rng = np.random.default_rng(0)
    trial = np.arange(400) // 20
    source = rng.integers(2, size=20)[trial]
    target = np.where(rng.random(20)[trial] < 0.7, source, 1 - source)
    observations = discretize_samples([source], target)
    rows, trials = assess(observations, interval=300), assess(observations, interval=300, over=DrawTrials(trial))
    width = [a["I{1}"]["high"] - a["I{1}"]["low"] for a in (rows, trials)]
    assert width[1] > 2 * width[0]


def test_dropped_rows_and_counts_are_respected():
    weights, strata = [30, 0, 30, 20, 40], np.array([0, 9, 0, 1, 1])
    counted = discretize_samples([[0, 1, 1, 0, 1]], [0, 1, 1, 0, 0], weights=weights)
    rows = np.repeat(np.arange(5), weights)
    written = discretize_samples([np.array([0, 1, 1, 0, 1])[rows]], np.array([0, 1, 1, 0, 0])[rows])
    a = assess(counted, test=50, null=PermuteWithin(strata))
    b = assess(written, test=50, null=PermuteWithin(strata[rows]))
    assert a.record() == b.record()


def test_progress_counts_every_table():
    done = []
    assess(xor(), test=30, interval=20, progress=done.append)
    assert sum(done) == 50


@wrong_on_purpose
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"test": -1}, "`test` must be a number of resamples from 0 to 1,000,000; got -1"),
        ({"interval": 10**7}, "`interval` must be a number of resamples"),
        ({"correct": "shufle"}, "`correct` must be one of none, shuffle, quadratic, miller-madow; got 'shufle'.*shuffle"),
        ({"test": 9, "seed": -1}, "`seed` must be a whole number from 0 to"),
        ({"method": "bc"}, "`method` must be one of bias-corrected, percentile; got 'bc'"),
        ({"test": 9, "null": PermuteSource(5)}, "`source` must be the index of one of 2 sources"),
    ],
)
def test_arguments_are_checked(options, message):
    with pytest.raises(InvalidSamplesError, match=message):
        assess(xor(), **options)


def test_sentences_say_how_sure_each_atom_is():
    found = assess(xor(), test=99, interval=50)
    total, *atoms = found.describe()
    assert total.endswith(")."), total
    assert "p = 0.01; 95 % interval" in total
    assert atoms[-1].startswith("Only a and b together provide")
    assert "(p = 0.02, 95 % interval" in atoms[-1]
    assert assess(xor()).describe() == found.decomposition.describe()


def test_an_assessment_shows_itself():
    found = assess(xor(), test=99)
    assert repr(found).startswith("Assessment(I(t : a, b): 0.")
    assert "p = 0.01" in repr(found)
    html = assess(discretize_samples([[0, 1] * 20], [0, 1] * 20, names=["<a>", "t"]), test=19)._repr_html_()
    assert "&lt;a&gt;" in html
    assert "<a>" not in html
    assert "null_mean" in html


def test_the_plot_has_the_ranges_that_were_asked_for():
    found = assess(xor(), test=19, interval=20)
    assert set(found.ranges) == {"intervals", "chance"}
    assert set(found.ranges["intervals"]) == {"{1}{2}", "{1}", "{2}", "{12}"}
    assert set(assess(xor(), test=19).ranges) == {"chance"}
    assert [t.get_text() for t in found.plot().get_yticklabels()] == ["{1}{2}", "{1}", "{2}", "{12}"]
