-- Who works here, from where and with what. Everything follows from hash(): the same numbers give the same life.
-- Homes and cafés are IPv6 /64s, offices and the VPN a few addresses that hundreds share, integrations never move.
CREATE OR REPLACE TEMP MACRO login_of(person) AS
  list_extract(['ada', 'bo', 'cleo', 'dov', 'edda', 'finn', 'gala', 'hugo', 'ines', 'jory', 'kaia', 'lev', 'mila', 'nils', 'oona', 'pio',
    'quin', 'rhea', 'sven', 'tove', 'ugo', 'vera', 'wim', 'xenia', 'yara', 'zeno', 'alba', 'bram', 'cora', 'dara', 'elio', 'faye',
    'gwen', 'hale', 'ilse', 'juno', 'kurt', 'lene', 'marc', 'nora', 'otto', 'pia', 'remy', 'sara', 'theo', 'una', 'vito', 'wren', 'yves',
    'zora'], CAST(person % 50 + 1 AS BIGINT))
  || '.' || list_extract(['ald', 'bern', 'carl', 'dors', 'elm', 'farn', 'gold', 'holm', 'ing', 'kess'], CAST(person // 50 % 10 + 1 AS BIGINT))
  || list_extract(['berg', 'dal', 'en', 'feld', 'gard', 'ham', 'lund', 'mark', 'rup', 'wick'], CAST(person // 500 + 1 AS BIGINT));
-- The first 300 people always work at the office; of the others each day is office, VPN, home or, seldom, somewhere else.
CREATE OR REPLACE TEMP MACRO person_ip(person, day) AS CASE
  WHEN person < 300 OR hash(person, day, 'place') % 100 < 55 THEN '192.0.2.' || (1 + person % 8)
  WHEN hash(person, day, 'place') % 100 < 75 THEN '192.0.2.' || (129 + person % 4)
  WHEN hash(person, day, 'place') % 100 < 97
    THEN '2001:db8:' || lower(to_hex(CAST(4096 + person AS BIGINT))) || '::' || lower(to_hex(1 + hash(person, day, 'host') % 65535))
  ELSE '2001:db8:' || lower(to_hex(57344 + hash(person, day, 'cafe') % 500)) || '::' || lower(to_hex(1 + hash(person, day, 'host') % 65535)) END;
CREATE OR REPLACE TEMP MACRO browser(number) AS 'Mozilla/5.0 ('
  || list_extract(['Windows NT 10.0; Win64; x64', 'Macintosh; Intel Mac OS X 10_15_7', 'X11; Linux x86_64'], CAST(number % 3 + 1 AS BIGINT))
  || ') AppleWebKit/537.36 (KHTML, like Gecko) Chrome/' || (101 + number % 30) || '.0.' || (4000 + number) || '.' || (number % 97) || ' Safari/537.36';
CREATE OR REPLACE TEMP MACRO service_of(number) AS CASE number WHEN 0 THEN 'svc-sheets' WHEN 1 THEN 'svc-gitsync' WHEN 2 THEN 'svc-apps'
  ELSE 'svc-' || lpad(CAST(number AS VARCHAR), 3, '0') END;
CREATE OR REPLACE TEMP MACRO service_ip(number) AS '198.51.100.' || (10 + number);
CREATE OR REPLACE TEMP MACRO service_agent(number) AS
  list_extract(['python-requests/2.31.', 'okhttp/4.12.', 'Go-http-client/1.', 'axios/1.6.', 'git/2.43.'], CAST(number % 5 + 1 AS BIGINT)) || (number % 7)
  || ' ' || service_of(number);
CREATE OR REPLACE TEMP MACRO server_ip(number) AS '2001:db8:5::' || lower(to_hex(CAST(16 + number AS BIGINT)));
-- A key of a vendor's kind: a prefix and sixteen signs.
CREATE OR REPLACE TEMP MACRO key_of(prefix, number, day) AS prefix || lpad(to_hex(hash(number, day, prefix)), 16, '7');
