"""What stands in ordinary logs so often that nobody should hunt it blindly?

A small list of our own, made from the pages named beside each part; it is no copy of a collection.
"""

from collections.abc import Mapping

RESERVED = {
    # IANA IPv4 and IPv6 Special-Purpose Address Registries. The blocks for documentation are left out: no log has
    # them but an example, and examples shall work.
    "0.0.0.0/8": "this network itself",
    "10.0.0.0/8": "a private network",
    "100.64.0.0/10": "shared by a provider's customers",
    "127.0.0.0/8": "the machine itself",
    "169.254.0.0/16": "the link itself, and the metadata of clouds",
    "172.16.0.0/12": "a private network",
    "192.0.0.0/24": "reserved for protocols",
    "192.168.0.0/16": "a private network",
    "198.18.0.0/15": "reserved for benchmarks",
    "224.0.0.0/4": "multicast",
    "240.0.0.0/4": "reserved",
    "::/127": "the machine itself",
    "64:ff9b::/96": "translated addresses",
    "fc00::/7": "a private network",
    "fe80::/10": "the link itself",
    "ff00::/8": "multicast",
}
RESOLVERS = dict.fromkeys(
    # The operators' own pages: Google Public DNS, Cloudflare 1.1.1.1, Quad9, OpenDNS, AdGuard, Level 3.
    (
        "8.8.8.8", "8.8.4.4", "2001:4860:4860::8888", "2001:4860:4860::8844", "1.1.1.1", "1.0.0.1",
        "2606:4700:4700::1111", "2606:4700:4700::1001", "1.1.1.2", "1.0.0.2", "1.1.1.3", "1.0.0.3", "9.9.9.9",
        "149.112.112.112", "2620:fe::fe", "2620:fe::9", "208.67.222.222", "208.67.220.220", "94.140.14.14",
        "94.140.15.15", "4.2.2.1", "4.2.2.2",
    ),
    "a public DNS resolver",
)  # fmt: skip
OWN_NAMES = frozenset(
    # Names below which only the owner publishes, and which every organisation's machines ask for.
    [
        "adobe.com", "akamai.net", "apple.com", "bing.com", "cloudflare.com", "debian.org", "digicert.com",
        "facebook.com", "gmail.com", "google.com", "googleapis.com", "gstatic.com", "icloud.com", "instagram.com",
        "letsencrypt.org", "linkedin.com", "live.com", "microsoft.com", "microsoftonline.com", "mozilla.org",
        "msftconnecttest.com", "msn.com", "office.com", "office365.com", "okta.com", "openai.com", "outlook.com",
        "python.org", "slack.com", "twitter.com", "ubuntu.com", "whatsapp.com", "wikipedia.org", "windows.com",
        "windowsupdate.com", "x.com", "yahoo.com", "youtube.com", "zoom.us",
    ]
)  # fmt: skip
SHARED_NAMES = frozenset(
    # Names below which anybody publishes: a name or path below them can be the intruder's, the name is everyone's.
    [
        "amazonaws.com", "archive.org", "azureedge.net", "azurewebsites.net", "bit.ly", "bitbucket.org",
        "blogspot.com", "cloudfront.net", "discord.com", "discordapp.com", "dropbox.com", "drive.google.com",
        "docs.google.com", "duckdns.org", "gist.github.com", "github.com", "githubusercontent.com", "gitlab.com",
        "mega.nz", "ngrok.io", "onedrive.live.com", "pastebin.com", "raw.githubusercontent.com", "sharepoint.com",
        "t.co", "t.me", "telegram.org", "api.telegram.org", "tinyurl.com", "trycloudflare.com", "wordpress.com",
    ]
)  # fmt: skip
TELLERS = frozenset(
    # Who publishes accounts of attacks: a link to the account is no part of the attack.
    [
        "any.run", "attack.mitre.org", "bleepingcomputer.com", "cisa.gov", "crowdstrike.com", "cve.mitre.org",
        "eset.com", "first.org", "fortinet.com", "hybrid-analysis.com", "kaspersky.com", "krebsonsecurity.com",
        "mandiant.com", "misp-project.org", "nist.gov", "oasis-open.org", "paloaltonetworks.com", "proofpoint.com",
        "securelist.com", "sentinelone.com", "shodan.io", "sophos.com", "symantec.com", "talosintelligence.com",
        "trendmicro.com", "unit42.paloaltonetworks.com", "urlhaus.abuse.ch", "urlscan.io", "virustotal.com",
        "welivesecurity.com",
    ]
)  # fmt: skip
SYSTEM_FILES = frozenset(
    # Programs that come with Windows, macOS or Linux.
    [
        "autoexec.bat", "bash", "bitsadmin.exe", "certutil.exe", "cmd.exe", "conhost.exe", "cscript.exe", "curl",
        "curl.exe", "dllhost.exe", "explorer.exe", "hosts", "iexplore.exe", "index.html", "index.php", "install.exe",
        "kernel32.dll", "lsass.exe", "mshta.exe", "msiexec.exe", "net.exe", "notepad.exe", "ntdll.dll", "passwd",
        "powershell.exe", "python", "python.exe", "readme.md", "readme.txt", "reg.exe", "regsvr32.exe",
        "rundll32.exe", "schtasks.exe", "services.exe", "setup.exe", "sh", "spoolsv.exe", "sshd", "svchost.exe",
        "taskhost.exe", "taskmgr.exe", "update.exe", "user32.dll", "wget", "winlogon.exe", "wmic.exe", "wscript.exe",
    ]
)  # fmt: skip
SYSTEM_ACCOUNTS = frozenset(
    ["admin", "administrator", "anonymous", "guest", "nobody", "root", "support", "system", "test", "user"]
)
BIG_NETWORKS: Mapping[str, str] = {
    # The operators' own pages; a provider's whole network holds its every customer.
    "AS8075": "Microsoft", "AS13335": "Cloudflare", "AS14618": "Amazon", "AS15169": "Google", "AS16509": "Amazon",
    "AS20940": "Akamai", "AS32934": "Meta", "AS54113": "Fastly", "AS396982": "Google Cloud",
}  # fmt: skip
