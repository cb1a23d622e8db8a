"""`agentflow validate`: says what is wrong with flows, and runs nothing of them."""

from pathlib import Path
from typing import Any

import click

from agentflow.catalogue import Catalogue
from agentflow.cli.console.exit_code import ExitCode
from agentflow.cli.console.problems import problem_lines
from agentflow.cli.console.sink import Sink
from agentflow.cli.console.verbs import Verb
from agentflow.errors import FlowFileError
from agentflow.flow.check import check_file
from agentflow.flow.load import load
from agentflow.problem import Fix, Problem


@click.command("validate", cls=Verb)
@click.argument(
    "files",
    metavar="FILE...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def _validate(sink: Sink, files: tuple[Path, ...], as_json: bool) -> int:
    """Check each FILE. The exit code is 3 when one of them has an error."""
    catalogue = Catalogue.installed()
    found = {file: _problems_of(file, catalogue) for file in files}
    if as_json:
        sink.result_json({"files": [_to_json(*item) for item in found.items()]}, indent=2)
    else:
        for file, problems in found.items():
            lines = problem_lines(file, problems) or [f"{file}: no problems"]
            sink.result("\n".join(lines))
    has_errors = any(it.severity == "error" for problems in found.values() for it in problems)
    return ExitCode.INVALID if has_errors else ExitCode.SUCCESS


def _problems_of(file: Path, catalogue: Catalogue) -> tuple[Problem, ...]:
    try:
        return check_file(load(file, catalogue), catalogue)
    except FlowFileError as error:
        fixes = (Fix(error.fix),) if error.fix else ()
        return (
            Problem(
                severity="error",
                code="syntax",
                message=error.what,
                line=error.line,
                column=error.column,
                fixes=fixes,
            ),
        )


def _to_json(file: Path, problems: tuple[Problem, ...]) -> dict[str, Any]:
    return {"file": str(file), "problems": [problem.to_json() for problem in problems]}


VERB = _validate
