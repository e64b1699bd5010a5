"""Which requests did the intruder send to Jira and to the wiki, from the first login to the last refusal?"""

from random import Random

from demo.model_incident import script as s
from demo.model_incident.clock import MINUTE, SECOND
from demo.model_incident.reading import Step, jira_reading, request, wiki_reading
from demo.model_incident.script import Sitting
from demo.model_incident.web import Request, duration
from demo.model_incident.world import World

Timed = tuple[int, str, str, int]  # instant, method, url, status


def jira_requests(world: World) -> list[Request]:
    """All that the intruder asked of Jira."""
    rng = world.stream("intruder takeover")
    return [*jira_reading(world), *_checks(world, rng), *_acts(world, rng), *_refused_logins(world, rng)]


def wiki_requests(world: World) -> list[Request]:
    """All that the intruder asked of the wiki."""
    return [*wiki_reading(world), *_refused_tokens(world.stream("intruder refused"))]


def _checks(world: World, rng: Random) -> list[Request]:
    made = []
    for sitting in world.script.checks:
        step: Step = ("GET", "/secure/Dashboard.jspa", 200, "-")
        made.append(request(rng, sitting, sitting.start, step))
    return made


def _at(rng: Random, sitting: Sitting, timed: list[Timed]) -> list[Request]:
    return [request(rng, sitting, instant, (method, url, status, "-")) for instant, method, url, status in timed]


def _acts(world: World, rng: Random) -> list[Request]:
    """The account created, the plugin installed, the account made an administrator."""
    plot = world.script
    return [
        *_at(rng, plot.sittings[2], _creation()),
        *_at(rng, plot.takeover, _installation(rng, plot.takeover)),
        *_at(rng, plot.administrator, _administrator(plot.administrator)),
    ]


def _installation(rng: Random, sitting: Sitting) -> list[Timed]:
    start, plugin = sitting.start, s.PLUGIN_INSTALLED
    console = "/rest/scriptrunner/latest/user/exec/"
    return [
        (start, "GET", "/login.jsp", 200),
        (start + 21 * SECOND, "POST", "/login.jsp", 302),
        (start + 24 * SECOND, "GET", "/secure/Dashboard.jspa", 200),
        (start + 70 * SECOND, "GET", "/plugins/servlet/upm", 302),
        (start + 92 * SECOND, "POST", "/secure/admin/WebSudoAuthenticate.jspa", 302),
        (start + 94 * SECOND, "GET", "/plugins/servlet/upm?source=side_nav_manage_addons", 200),
        (plugin, "POST", f"/rest/plugins/1.0/?token={rng.randrange(10**18, 9 * 10**18)}", 202),
        (plugin + 3 * SECOND, "GET", f"/rest/plugins/1.0/pending/{rng.randrange(10**9)}", 200),
        (plugin + 9 * SECOND, "GET", f"/rest/plugins/1.0/{s.PLUGIN}-key", 200),
        (plugin + 17 * SECOND, "PUT", f"/rest/plugins/1.0/{s.PLUGIN}-key", 200),
        (plugin + 65 * SECOND, "GET", "/plugins/servlet/scriptrunner/admin/console", 200),
        (plugin + 131 * SECOND, "POST", console, 400),
        (plugin + 178 * SECOND, "POST", console, 200),
        (plugin + 207 * SECOND, "POST", console, 200),
        (sitting.end, "POST", console, 200),
    ]


def _creation() -> list[Timed]:
    user = s.USER_CREATED
    return [
        (user - 170 * SECOND, "GET", "/login.jsp", 200),
        (user - 151 * SECOND, "POST", "/login.jsp", 302),
        (user - 149 * SECOND, "GET", "/secure/Dashboard.jspa", 200),
        (user - 90 * SECOND, "POST", "/secure/admin/WebSudoAuthenticate.jspa", 302),
        (user - 48 * SECOND, "GET", "/secure/admin/user/UserBrowser.jspa", 200),
        (user - 20 * SECOND, "GET", "/secure/admin/user/AddUser!default.jspa", 200),
        (user, "POST", "/secure/admin/user/AddUser.jspa", 302),
        (user + 11 * SECOND, "POST", "/secure/admin/user/EditUserGroups.jspa", 302),
        (user + 24 * SECOND, "POST", "/secure/admin/user/EditUserGroups.jspa", 302),
        (user + 39 * SECOND, "POST", "/secure/admin/user/EditUserGroups.jspa", 302),
        (user + 44 * SECOND, "GET", f"/secure/admin/user/ViewUser.jspa?name={s.CREATED}", 200),
    ]


def _administrator(sitting: Sitting) -> list[Timed]:
    return [
        (sitting.start, "POST", "/login.jsp", 302),
        (sitting.start + 22 * SECOND, "GET", "/secure/Dashboard.jspa", 200),
        (sitting.start + 51 * SECOND, "POST", "/secure/admin/WebSudoAuthenticate.jspa", 302),
        (s.MADE_ADMINISTRATOR, "POST", "/secure/admin/user/EditUserGroups.jspa", 302),
        (s.MADE_ADMINISTRATOR + 31 * SECOND, "GET", "/secure/admin/ViewApplicationProperties.jspa", 200),
        (sitting.end, "GET", "/secure/admin/jira/SystemInfo.jspa", 200),
    ]


def _refused_logins(world: World, rng: Random) -> list[Request]:
    """The intruder comes back at 17:31 and finds both accounts shut."""
    made = []
    for turn in range(9):
        account, address = ((s.CREATED, s.INTRUDER_UNPUBLISHED), (s.ADMIN_ACCOUNT, s.INTRUDER))[turn % 2]
        sitting = world.script.administrator._replace(account=account, address=address)
        instant = s.REFUSALS_START + turn * 3 * MINUTE + rng.randrange(20) * SECOND
        answer = Request(
            instant, address, "-", "POST", "/rest/auth/1/session", (401, 403)[turn > 4], 312, duration(rng), s.FIREFOX
        )
        made.append(answer._replace(session=sitting.session if turn == 0 else "-"))
    return made


def _refused_tokens(rng: Random) -> list[Request]:
    """After the accounts were shut the wiki refuses them too."""
    moments = (s.REFUSALS_START + 95 * SECOND, s.REFUSALS_START + 14 * MINUTE)
    url = "/rest/tsv/1.0/authenticate"
    return [Request(t, s.INTRUDER, "-", "POST", url, 401, 214, duration(rng), s.FIREFOX) for t in moments]
