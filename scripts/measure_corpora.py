"""How much of real records that no one here wrote is recognised, and read as their truth says?

Every record of `logs` for the sources that we read, the raw side of the published OCSF pairs, and the records of
detection tests are taken into one case in one act: each as its own file under a name that says nothing, and once more
all mixed in one file. Run it from the root of the repository: `python -m scripts.measure_corpora --corpora FOLDER`.
"""

import json
import tempfile
from pathlib import Path

import click
from scripts.corpora.agreement import FIELDS, Score, scored
from scripts.corpora.reading import read
from scripts.corpora.records import detected, logs, pairs

COLUMNS = ("recognised", *FIELDS, "valid")


def measure(corpora: Path) -> dict[str, dict[str, Score]]:
    """The scores by way of taking (`alone`, `mixed`) and stream."""
    records = [*logs(corpora), *pairs(corpora), *detected(corpora)]
    with tempfile.TemporaryDirectory() as folder:
        reading = read(records, Path(folder))
    return {"alone": scored(records, reading.alone), "mixed": scored(records, reading.mixed)}


def table(scores: dict[str, Score]) -> list[str]:
    """One line a stream, and their sum; a field that no truth of the stream states is a dash."""
    total = Score()
    for score in scores.values():
        total.right.update(score.right)
        total.stated.update(score.stated)
    rows = [*sorted(scores.items()), ("all", total)]
    return [
        f"{'stream':<32}" + "".join(f"{name:>12}" for name in COLUMNS),
        *(f"{stream:<32}" + "".join(f"{_cell(score, name):>12}" for name in COLUMNS) for stream, score in rows),
    ]


def _cell(score: Score, name: str) -> str:
    return f"{score.right[name]}/{score.stated[name]}" if score.stated[name] else "-"


def _plain(scores: dict[str, Score]) -> dict[str, object]:
    return {
        stream: {"right": dict(score.right), "stated": dict(score.stated), "told": score.told}
        for stream, score in scores.items()
    }


@click.command()
@click.option("--corpora", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def main(corpora: Path, as_json: bool) -> None:
    """Print a table for each way of taking, and every disagreement in a line."""
    measured = measure(corpora)
    if as_json:
        click.echo(json.dumps({way: _plain(scores) for way, scores in measured.items()}, indent=2))
        return
    for way, scores in measured.items():
        click.echo("\n".join([f"taken {way}", *table(scores), *(line for one in scores.values() for line in one.told)]))


if __name__ == "__main__":
    main()
