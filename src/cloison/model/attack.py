"""What does ATT&CK call a technique, and where is it described? Source: MITRE ATT&CK, Enterprise, v17."""

from collections.abc import Mapping

NAMES: Mapping[str, str] = {
    "T1021": "Remote Services",
    "T1071": "Application Layer Protocol",
    "T1078": "Valid Accounts",
    "T1078.004": "Valid Accounts: Cloud Accounts",
    "T1090": "Proxy",
    "T1098": "Account Manipulation",
    "T1098.001": "Account Manipulation: Additional Cloud Credentials",
    "T1098.003": "Account Manipulation: Additional Cloud Roles",
    "T1136": "Create Account",
    "T1213": "Data from Information Repositories",
    "T1505": "Server Software Component",
    "T1550": "Use Alternate Authentication Material",
    "T1550.001": "Use Alternate Authentication Material: Application Access Token",
    "T1550.004": "Use Alternate Authentication Material: Web Session Cookie",
    "T1552.001": "Unsecured Credentials: Credentials In Files",
    "T1567": "Exfiltration Over Web Service",
}
"""The techniques that our own rules of spreading and reaching name."""


def name_of(technique: str) -> str:
    """The technique's name, or its id where it is not one of ours."""
    return NAMES.get(technique, technique)


def page_of(technique: str) -> str:
    """Where ATT&CK describes it."""
    return f"https://attack.mitre.org/techniques/{technique.replace('.', '/')}"
