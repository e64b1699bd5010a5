"""Which tables does the lake hold, and what does each column mean in OCSF 1.8.0?"""

from cloison.model.contract import contract

EVENTS = contract(
    "events",
    key=("time", "event_uid"),
    event_uid="string",  # md5 over the source's identity fields: the same event from two carriers is one
    source="string",  # name of the source folder
    carrier="string",  # the shape it arrived in
    system="string",  # the product it speaks of: metadata.product, lower case
    evidence_uid="string",  # sha256 of the container, `!member` behind it when it held several
    record_offset="int",  # bytes into the unpacked evidence; in a Parquet file the number of the row, from 0
    record_length="int",  # bytes of the raw record; of a row 1
    record_part="int",  # which event of a record that tells several, from 0; empty where one is all that it tells
    time="timestamp",  # UTC
    time_assumed="bool",  # the zone was not stated in the record, nor the year in syslog of old
    class_uid="int",
    activity_id="int",
    status_id="int",  # 0 unknown, 1 success, 2 failure
    event_code="string",  # metadata.event_code: the vendor's own event name
    message="string",
    vendor_uid="string",  # metadata.uid
    principal="string",  # actor.user in one canonical spelling: lower-case login, else name, else id
    actor_uid="string",  # actor.user.uid
    actor_name="string",  # actor.user.name
    actor_email="string",  # actor.user.email_addr
    actor_type="string",
    actor_account_uid="string",  # actor.user.account.uid: the account or tenant that the actor belongs to
    vendor_session_uid="string",  # actor.session.uid
    credential_uid="string",  # actor.session.credential_uid: what the actor came in with
    minted_credential_uid="string",  # a credential that this event made
    src_ip="string",  # src_endpoint.ip, canonical
    src_ips="strings",  # every address the record claims for the client, src_ip among them
    src_host="string",  # src_endpoint.hostname
    user_agent="string",  # http_request.user_agent
    dst_ip="string",
    dst_port="int",
    dst_host="string",
    http_method="string",
    http_status="int",
    url="string",  # http_request.url: path and query as logged
    file_name="string",
    file_hash="string",
    resource_kind="string",  # ticket, page, repository, search, account, group, app, token, ...
    resource_uid="string",
    resource_name="string",
    action="string",  # viewed searched created modified archived cloned downloaded connected exchanged (caller unsure)
    target_principal="string",  # the account that was created, changed, added
    target_group="string",
    target_app="string",
    target_credential_uid="string",
    phase="string",  # start / end where a log writes a request twice
    pair_uid="string",  # joins the two lines of one request
    rotation_effect="string",  # revoked disabled enabled changed refreshed created
    rotation_rule="string",  # source/number of the [[rotation]] that spoke
    rotation_credential_uid="string",
    rotation_principal="string",
)
