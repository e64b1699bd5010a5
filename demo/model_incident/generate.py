"""Into which folder does each log go?"""

from pathlib import Path

from demo.model_incident import git_audit, nginx, write
from demo.model_incident.case_files import write_case_files
from demo.model_incident.cloudtrail import write_cloudtrail
from demo.model_incident.edge_audit import write_edge_audit
from demo.model_incident.gate import write_gate
from demo.model_incident.gateway import write_gateway
from demo.model_incident.git_access import write_git_access
from demo.model_incident.jira_access import write_jira_access
from demo.model_incident.jira_audit import write_jira_audit
from demo.model_incident.okta import write_okta
from demo.model_incident.truth import truth
from demo.model_incident.wiki_access import write_wiki_access
from demo.model_incident.wiki_audit import write_wiki_audit
from demo.model_incident.world import make_world

WRITERS = (
    write_okta,
    write_jira_access,
    write_jira_audit,
    write_wiki_access,
    write_wiki_audit,
    write_git_access,
    write_gate,
    write_edge_audit,
    write_gateway,
    write_cloudtrail,
)
ZIPPED_SITE_DAYS = frozenset(f"2023-11-{day}" for day in range(18, 23))
ZIPPED_AUDIT_UNTIL = "20231016"


def generate(out: Path, seed: int = 1, scale: float = 1.0) -> None:
    """Write the whole incident under `out`."""
    world = make_world(seed, scale)
    evidence = out / "evidence"
    for writer in WRITERS:
        writer(world, evidence)
    audit, site = git_audit.audit_files(world), nginx.site_logs(world)
    audit_apart = {name: data for name, data in audit.items() if name < ZIPPED_AUDIT_UNTIL}
    site_apart = {day: data for day, data in site.items() if day in ZIPPED_SITE_DAYS}
    git_audit.write_git_audit(_without(audit, audit_apart), evidence)
    nginx.write_nginx(_without(site, site_apart), evidence)
    members = {f"git-host/audit/{name}": data for name, data in audit_apart.items()}
    members |= {f"www/access.log-{day}": data for day, data in site_apart.items()}
    write.archive(evidence / "hand-over-2023-11-24.zip", members | _twin(evidence))
    write_case_files(world, out)
    write.plain(out / "truth.json", truth(world))


def _without(files: dict[str, bytes], apart: dict[str, bytes]) -> dict[str, bytes]:
    return {name: data for name, data in files.items() if name not in apart}


def _twin(evidence: Path) -> dict[str, bytes]:
    """One file of the hand-over is also in its folder."""
    first = min((evidence / "okta/pages").iterdir())
    return {f"okta/{first.name}": first.read_bytes()}
