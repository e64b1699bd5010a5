"""From which words are people, pages, tickets and repositories named?"""

FIRST = (
    "Ada Aled Amara Anika Anton Arlo Beatrix Bela Bram Britta Cal Celia Dagny Dario Edda Eino Elif Emrys Esme Farid "
    "Fenna Goran Greta Hal Hedda Idris Ilse Imre Ines Isak Jarl Jonna Kaia Kasper Lars Leona Lior Lotte Mads Mara "
    "Milo Mira Nadia Nils Noor Odile Orla Otto Petra Quill Rafe Rana Rolf Runa Sami Selma Signe Stellan Tamsin "
    "Thea Tomas Ulla Vera Viggo Wanda Yara Yusuf Zora"
).split()
LAST = (
    "Ashgrove Barlow Beckett Birkdale Bramley Brook Calder Carrow Cobham Coldwell Cragg Dalby Denholm Draycott "
    "Eastlake Ellerby Fairhurst Farrow Fenwick Garside Glenmore Gorse Grayling Halden Harrow Hartigan Hazelby Heath "
    "Holm Ingleby Kerridge Kestle Kirkby Lambourn Langdale Larkin Ledger Lindqvist Lorne Marsh Merrow Moorby Nairn "
    "Netherby Oakes Orrin Osgood Pell Penrose Quarry Ravel Redfern Ripley Rooke Rowan Sable Selby Skerry Stannard "
    "Strand Tarn Thorne Tolland Underhill Vance Varley Wexcombe Whitlock Winslow Wray Yarrow Yewdale"
).split()
TEAMS = (
    "atlas backup billing cargo console customs depot dispatch edge fleet gateway harbour identity ledger lighthouse "
    "manifest network observability parcel payroll platform pricing quay routing salt scanner schedule tariff "
    "terraform tracking vault warehouse wharf"
).split()
THINGS = (
    "agent api archiver batch bridge cache charts cli client collector config connector controller core cron daemon "
    "deploy docs exporter gateway importer infra ingest jobs lib loader mirror model modules operator playbooks plugin "
    "policies probe proxy queue reports rules runner scheduler schema scripts sdk service site sync tests tools ui web "
    "webhook worker"
).split()
TOPICS = (
    "Onboarding Remote access Client secrets Tunnel setup VPN gateways Password resets On-call handbook Salt states "
    "Network maps Release notes Holiday calendar Depot contacts Customs filing Laptop images Incident review "
    "Access requests Backup schedule Certificate renewal Firewall changes Team charter Meeting notes Post mortem "
    "Capacity plan Vendor list Migration log Runbook Quarterly goals Glossary Tariff tables Fleet telemetry"
).split()
SPACES = "NET SEC IT OPS PLAT HR FIN DEPOT FLEET CUST LEGAL ENG DOCS TEAM".split()
PROJECT_SIZES = {
    "NET": 184_220,
    "SEC": 61_377,
    "IT": 402_918,
    "OPS": 377_041,
    "PLAT": 151_660,
    "HR": 88_214,
    "FIN": 94_502,
    "DEPOT": 318_905,
    "FLEET": 240_611,
    "CUST": 139_909,
}
_WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
_MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"
_PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X)"
AGENTS = (
    f"{_WINDOWS} Chrome/118.0.0.0 Safari/537.36",
    f"{_WINDOWS} Chrome/119.0.0.0 Safari/537.36",
    f"{_WINDOWS} Chrome/118.0.0.0 Safari/537.36 Edg/118.0.2088.46",
    f"{_MAC} AppleWebKit/537.36 (KHTML, like Gecko) Chrome/118.0.0.0 Safari/537.36",
    f"{_MAC} AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Safari/605.1.15",
    f"{_PHONE} AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/118.0.0.0 Safari/537.36",
    "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/118.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:109.0) Gecko/20100101 Firefox/119.0",
)
