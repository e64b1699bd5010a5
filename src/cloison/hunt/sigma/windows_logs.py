"""Which records of a Windows event log does a rule's category or service speak of? By Sysmon's event ids and channels.

https://sigmahq.io/docs/basics/log-sources.html and https://learn.microsoft.com/sysinternals/downloads/sysmon
"""

from cloison.hunt.sigma.said import Logsource
from cloison.hunt.sigma.terms import Either, Every, Match, Number, Pattern, Term, Text

_SYSMON = {
    "process_creation": (1,),
    "file_change": (2,),
    "network_connection": (3,),
    "sysmon_status": (4, 16),
    "process_termination": (5,),
    "driver_load": (6,),
    "image_load": (7,),
    "create_remote_thread": (8,),
    "raw_access_thread": (9,),
    "process_access": (10,),
    "file_event": (11,),
    "registry_add": (12,),
    "registry_delete": (12,),
    "registry_set": (13,),
    "registry_rename": (14,),
    "registry_event": (12, 13, 14),
    "create_stream_hash": (15,),
    "pipe_created": (17, 18),
    "wmi_event": (19, 20, 21),
    "dns_query": (22,),
    "file_delete": (23, 26),
    "clipboard_capture": (24,),
    "process_tampering": (25,),
    "file_block_executable": (27,),
    "file_block_shredding": (28,),
    "file_executable_detected": (29,),
    "sysmon_error": (255,),
}
_POWERSHELL = {"ps_script": (4104,), "ps_module": (4103,), "ps_classic_start": (400,)}
_CHANNELS = {
    "security": "Security",
    "system": "System",
    "application": "Application",
    "sysmon": "Microsoft-Windows-Sysmon/Operational",
    "powershell": "Microsoft-Windows-PowerShell/Operational",
    "powershell-classic": "Windows PowerShell",
    "taskscheduler": "Microsoft-Windows-TaskScheduler/Operational",
    "wmi": "Microsoft-Windows-WMI-Activity/Operational",
    "windefend": "Microsoft-Windows-Windows Defender/Operational",
    "bits-client": "Microsoft-Windows-Bits-Client/Operational",
    "dns-server": "DNS Server",
    "ntlm": "Microsoft-Windows-NTLM/Operational",
    "driver-framework": "Microsoft-Windows-DriverFrameworks-UserMode/Operational",
    "firewall-as": "Microsoft-Windows-Windows Firewall With Advanced Security/Firewall",
    "codeintegrity-operational": "Microsoft-Windows-CodeIntegrity/Operational",
}


def narrowed(asked: Logsource) -> Term | None:
    """What a record must be like to be one that the logsource speaks of; None where that is not known."""
    if asked.category in _SYSMON:
        found: Term = Every((_channel("Sysmon"), _ids(_SYSMON[asked.category])))
        if asked.category == "process_creation":
            found = Either((found, Every((_channel("Security"), _ids((4688,))))))
        return found
    if asked.category in _POWERSHELL:
        return Every((_channel("PowerShell"), _ids(_POWERSHELL[asked.category])))
    if asked.service in _CHANNELS:
        return Match("Channel", Pattern((Text(_CHANNELS[asked.service]),)))
    return None


def _channel(word: str) -> Term:
    return Match("Channel", Pattern(("many", Text(word), "many")))


def _ids(numbers: tuple[int, ...]) -> Term:
    return Either(tuple(Match("EventID", Number("=", number)) for number in numbers))
