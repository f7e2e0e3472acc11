-- poll-key: gAAAAABrCKy8H581eqwVeSewglytmUYpTot3pj0nGbeDQBWEKbf-PWXvz0UY5HLHqOIgk_CU50kPZ2EyQ2qtZ7_iOm2EZEiraA1sJ-Sel8al7o_th9oWvT_W3zzk6JJRuIfiJsjWrenJ
BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'pollbot','first_light','2026-11-26 22:03:36.488044+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'pollbot','polls','2026-11-26 22:03:36.569030+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'pollbot','schedules','2026-11-26 22:03:36.625811+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'pollbot','queues','2026-11-26 22:03:36.709653+00:00');
INSERT INTO "_sqlite_migrations" VALUES(5,'pollbot','outbox','2026-11-26 22:03:36.722100+00:00');
INSERT INTO "_sqlite_migrations" VALUES(6,'pollbot','parted_for_good','2026-11-26 22:03:36.744166+00:00');
INSERT INTO "_sqlite_migrations" VALUES(7,'pollbot','tries','2026-11-26 22:03:36.747780+00:00');
INSERT INTO "_sqlite_migrations" VALUES(8,'pollbot','steps','2026-11-26 22:03:36.757676+00:00');
INSERT INTO "_sqlite_migrations" VALUES(9,'pollbot','cards_by_message','2026-11-26 22:03:36.765113+00:00');
INSERT INTO "_sqlite_migrations" VALUES(10,'pollbot','edits','2026-11-26 22:03:36.766035+00:00');
INSERT INTO "_sqlite_migrations" VALUES(11,'pollbot','receipts','2026-11-26 22:03:36.767995+00:00');
INSERT INTO "_sqlite_migrations" VALUES(12,'pollbot','found','2026-11-26 22:03:36.770740+00:00');
INSERT INTO "_sqlite_migrations" VALUES(13,'pollbot','waiting_polls','2026-11-26 22:03:36.778897+00:00');
INSERT INTO "_sqlite_migrations" VALUES(14,'pollbot','issues','2026-11-26 22:03:36.782975+00:00');
INSERT INTO "_sqlite_migrations" VALUES(15,'pollbot','asked','2026-11-26 22:03:36.785510+00:00');
INSERT INTO "_sqlite_migrations" VALUES(16,'pollbot','mark','2026-11-26 22:03:36.789291+00:00');
INSERT INTO "_sqlite_migrations" VALUES(17,'pollbot','refusal','2026-11-26 22:03:36.789945+00:00');
INSERT INTO "_sqlite_migrations" VALUES(18,'pollbot','places','2026-11-26 22:03:36.799381+00:00');
CREATE TABLE accounts (
            team_id      TEXT NOT NULL,
            user_id      TEXT NOT NULL,
            site         TEXT NOT NULL,
            account_id   TEXT NOT NULL,
            display_name TEXT NOT NULL,
            base_url     TEXT NOT NULL,
            credential   TEXT NOT NULL,
            refused_at   REAL,
            connected_at REAL NOT NULL,
            PRIMARY KEY (team_id, user_id, site)
        ) STRICT;
INSERT INTO "accounts" VALUES('T0SANDBOX','U0ADA','https://acme.example','acc-ada','Ada of Jira','https://acme.example','gAAAAABrCKy4Brhn4zA4BcCbnArC8R6-b4DpnRrVf1aVLBWORG5KEKTCSJVsJOP78t03eMb-ciqBKvOlmXGKZ4A0iqL7jyiUQzhJ1gkDt75cMqbxotZkaIjotk1V_y5qz8YmZfexfMHm',NULL,1.79573061691523480415e+09);
CREATE TABLE answers (
            poll_id   TEXT NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
            voter     TEXT NOT NULL,
            option_id TEXT NOT NULL, was TEXT,
            PRIMARY KEY (poll_id, voter, option_id)
        ) STRICT, WITHOUT ROWID;
INSERT INTO "answers" VALUES('8yL8-kdadKHz','454baa598261b91ae174b8c032767a84','1',NULL);
INSERT INTO "answers" VALUES('8yL8-kdadKHz','79dbb59d30bbf630d063cc2be6eb5309','2',NULL);
INSERT INTO "answers" VALUES('8yL8-kdadKHz','a7ea7b10025b73b47e1d88da14fc4e12','2',NULL);
INSERT INTO "answers" VALUES('Gbdy5DAvjDea','U0ADA','1',NULL);
INSERT INTO "answers" VALUES('Gbdy5DAvjDea','U0BEN','2',NULL);
INSERT INTO "answers" VALUES('Gbdy5DAvjDea','U0CLEO','2',NULL);
INSERT INTO "answers" VALUES('Vb9sVwUltvrL','5a8229049c297df234d3b668698662ae56b0555d0fa60a061abc33490b669ac4','2',NULL);
INSERT INTO "answers" VALUES('Vb9sVwUltvrL','ace73723c37665d6342be94460b2604b773cbab316b3b97c89bf2e82eb0f357e','2',NULL);
INSERT INTO "answers" VALUES('Vb9sVwUltvrL','c2066c21ae401bf5236e042eceebfec81de392af776231e39e74e8a3da223bfb','1',NULL);
INSERT INTO "answers" VALUES('Vb9sVwUltvrL','c2066c21ae401bf5236e042eceebfec81de392af776231e39e74e8a3da223bfb','2',NULL);
CREATE TABLE ballot_lines (
            card_id   TEXT NOT NULL REFERENCES cards (id) ON DELETE CASCADE,
            place     INTEGER NOT NULL,
            team_id   TEXT NOT NULL,
            site      TEXT NOT NULL,
            issue_key TEXT NOT NULL,
            issue     TEXT NOT NULL,
            read_at   REAL NOT NULL,
            PRIMARY KEY (card_id, issue_key)
        ) STRICT;
CREATE TABLE beats (
            name TEXT NOT NULL PRIMARY KEY,
            at   REAL NOT NULL
        ) STRICT;
CREATE TABLE cards (
            id           TEXT NOT NULL PRIMARY KEY,
            team_id      TEXT NOT NULL,
            channel_id   TEXT NOT NULL,
            message_ts   TEXT,
            site         TEXT NOT NULL,
            issue_key    TEXT NOT NULL,
            posted_by    TEXT NOT NULL,
            posted       INTEGER NOT NULL DEFAULT 0,
            only_by_url  INTEGER NOT NULL DEFAULT 0,
            issue        TEXT,
            read_at      REAL NOT NULL DEFAULT 0,
            changes      INTEGER NOT NULL DEFAULT 1,
            drawn        INTEGER NOT NULL DEFAULT 0,
            attempts     INTEGER NOT NULL DEFAULT 0,
            made_at      REAL NOT NULL,
            told         INTEGER NOT NULL DEFAULT 0,
            response_url TEXT,
            url_since    REAL NOT NULL DEFAULT 0
        , poll_id TEXT, ballot TEXT, frame TEXT, due_at REAL DEFAULT 0, held_until REAL, holder TEXT) STRICT;
INSERT INTO "cards" VALUES('hK8Xc6VOC1ww','T0SANDBOX','C0PLANNING','1795730617.033364','https://acme.example','PLAT-12','U0ADA',1,0,'{"key":"PLAT-12","summary":"Export <all> & more","status":"Open","type":"Story","votes":8,"voted":true,"voters":["Ada of Jira"],"resolution":null,"reporter_id":null}',1.79573061811309909823e+09,2,2,0,1.79573061696730828283e+09,0,NULL,1.79573061696730828283e+09,NULL,NULL,NULL,1.79573061916271352767e+09,NULL,NULL);
INSERT INTO "cards" VALUES('y5NHK3MHBCwz','T0SANDBOX','C0PLANNING','1795730618.048898','https://acme.example','','U0ADA',1,0,NULL,0.0,4,4,0,1.79573061714836502075e+09,0,'gAAAAABrCKy8KSZ-NW-sPyf5MbT8uBuMVAriw_7D7vnXmv69JDGueE1Vpd4Gih8QgAd2Smr445s2J79Ii_5MPXJvO8fGy0VxoTn9-VBriBBGiVku-G84r20ckpk38tdpeY-YGLfTe1JvNZYUYiQtYITMX8juRRYejQ==',1.7957306201491363049e+09,'Gbdy5DAvjDea',NULL,NULL,1.79573062011626291274e+09,NULL,NULL);
INSERT INTO "cards" VALUES('pFL6A-Z0gUAW','T0SANDBOX','C0PLANNING','1795730619.055521','https://acme.example','','U0ADA',1,0,NULL,0.0,5,5,0,1.79573061814093422891e+09,0,'gAAAAABrCKy7xTjERK6JXwJLqGpZmWWHu9UY16fWutTMeKONUJSkLUpnVWMJsXbnvTRUcWLfd4T0OOFa-SshI6OF5oZyl6Bpg-Vh5b_tNYo_HH9M4qo9RpWiT97YpXe12cqRkc2e7x1IYY3eslHlB3WgS7SPWW6xyA==',1.79573061911223149297e+09,'Vb9sVwUltvrL',NULL,NULL,1.79573062110252165799e+09,NULL,NULL);
INSERT INTO "cards" VALUES('NP2jGFjFXjjY','T0SANDBOX','C0PLANNING','1795730620.070707','https://acme.example','','U0ADA',1,0,NULL,0.0,5,1,0,1.79573061913620710379e+09,0,'gAAAAABrCKy8EmA2-dqBrGzRMfHjbvA0W_sEBg9TrPpltrGviRliMIiYrq5tfePr7I8tKvqoES1klVT9JAwS0Cz1zDtcJJK2mSo1a_RIlxF60Oq2qY8q_S1HqdMxlhWcTE17tkCb7wX7KPftuoG07nIzl30I_mWIgg==',1.79573062009369802472e+09,'8yL8-kdadKHz',NULL,NULL,1.79573062107301497456e+09,NULL,NULL);
INSERT INTO "cards" VALUES('-JWx8doMZgaR','T0SANDBOX','C0PLANNING',NULL,'https://acme.example','','U0ADA',0,0,NULL,0.0,1,0,0,1.79573062014496874806e+09,0,'gAAAAABrCKy8QMEI9Yt11p7Ns1xItWH4asP_W51teSvxy6LZM1IKHZzNmQui7fhlnqFOolsWd8xUB2yNhtj6PeKMo8-NwpOnWfq-wA81sJIx3gg71Cu0Li5a5_xwl5Oli6VqM5HfjA4r2g8WceH7m0bigZvh_d0lpw==',1.79573062014496874806e+09,'Ts7Pze9g0HzG',NULL,NULL,1.79573062207117533682e+09,NULL,NULL);
INSERT INTO "cards" VALUES('mFtMPVliMZqX','T0SANDBOX','C0PLANNING',NULL,'https://acme.example','','U0ADA',0,0,NULL,0.0,1,0,0,1.7957306202274749279e+09,0,'gAAAAABrCKy8Gh5KJH6yRl4tLvZM8sUwur6oGEs3C5ANS7RPc1dzw-WHZ8r2lUMSo0KI9hSapOLkJq5ocLZ0NDzRGXZlgX7cohqKEuAMqkm-Hff2bcu1EhqiwMduImk2U4Jp7lk3poc3a1CrVngiEZ0RHWu-gKf3xA==',1.7957306202274749279e+09,'bw30rxN6W-JP',NULL,NULL,1.79573062307117533686e+09,NULL,NULL);
CREATE TABLE comments (
            poll_id TEXT NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
            voter   TEXT NOT NULL,
            comment TEXT NOT NULL, shown INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (poll_id, voter)
        ) STRICT, WITHOUT ROWID;
CREATE TABLE deliveries (
            team_id TEXT NOT NULL,
            user_id TEXT NOT NULL,
            subject TEXT NOT NULL,
            stamp   TEXT NOT NULL,
            deed    TEXT NOT NULL,
            seen_at REAL NOT NULL, told INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (team_id, user_id, subject, stamp, deed)
        ) STRICT;
INSERT INTO "deliveries" VALUES('','','delivery','6e0236948b68b45d8c21df816928faf7f17ddc0aac7ae933f47a61f79e7e30b7','',1.79573061691226720814e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','ce193c942fdfd773cb1310e4892431864d2d94fee2cf7b426e17dcf72071d377','',1.79573061693363499645e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example PLAT-12 ','5.T0SANDBOX.a0961470dd94ee738629f218f69a8a4b','card',1.79573061696730828283e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','841c1fed1e2027ca861e9265b6da44e2982d8f109f8a04cb0504972db5204ecb','',1.79573061696702337272e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','fef6b02e6b89f2bda00df5cbce0e44d5085594f2e786cb0c4998d047a7851bd5','',1795730617.04865,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','10.T0SANDBOX.e45176bcbed54537cfd666de479cab6f here "Lunch?" "Pizza" "Soup"','Gbdy5DAvjDea',1.79573061714836502075e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','a2a80726290eddbc06bb64d2a675a1eb2a6b296372d8087471012a8f35f9c871','',1.7957306171302418709e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','poll Gbdy5DAvjDea','1795730618.069275','answer',1.79573061807122635836e+09,1);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0BEN','poll Gbdy5DAvjDea','1795730618.072491','answer',1.79573061807363200184e+09,1);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0CLEO','poll Gbdy5DAvjDea','1795730618.110437','answer',1.79573061811141276356e+09,1);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','17.T0SANDBOX.a5187d009ee0c1479adf688ef8f029f8 anonymous multi "Leaving?" "Yes" "No"','Vb9sVwUltvrL',1.79573061814093422891e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','a16c16c148bf545095e3c4d142113d931ae69e6fec93128f03e41abb18dd3643','',1.79573061811613416674e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','c2066c21ae401bf5236e042eceebfec81de392af776231e39e74e8a3da223bfb','poll Vb9sVwUltvrL','1795730619.072990','switch',1.79573061907688713068e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','ace73723c37665d6342be94460b2604b773cbab316b3b97c89bf2e82eb0f357e','poll Vb9sVwUltvrL','1795730619.096375','switch',1.79573061909758448597e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','5a8229049c297df234d3b668698662ae56b0555d0fa60a061abc33490b669ac4','poll Vb9sVwUltvrL','1795730619.107115','switch',1.79573061910934138295e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','c2066c21ae401bf5236e042eceebfec81de392af776231e39e74e8a3da223bfb','poll Vb9sVwUltvrL','1795730619.111538','switch',1.79573061911236929889e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','27.T0SANDBOX.7e86dcfc9d8aa701ea87a47ed84476c8 anonymous "Over?" "Yes" "No"','8yL8-kdadKHz',1.79573061913620710379e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','2b642347c256571000d9ea9147fbc69fc7fb56958b96f79b0c7d6e24e9df3f24','',1.79573061912115335462e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','3b47f1e310bf50f68d007d7e35923c8633db0b30d3cede5bae4aad87e4034e6e','',1795730620.11553,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','39.T0SANDBOX.be01876ab66ae383168bbf9d17cc578d "Lunch?" "Pizza" "Soup"','Ts7Pze9g0HzG',1.79573062014496874806e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','ddccd511e0b29c522b7d6aa530e9af4f8bdb9fed8711d246f046145510622203','',1.79573062014053773881e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','5a3bff1ab7de66a99b14342bf4cef5fc44d942004184e5459d4449bfe0da23f3','',1.79573062017564892773e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','V45','bw30rxN6W-JP',1.7957306202274749279e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','82cc98936c9614a153c38ef628894581db3dbff07fec7ae0327f78bb5b6b277b','',1.79573062022364282608e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','6a2c887b652a7903a97e31ca586ebcb3ce56bdf4fd2dd42b65012a6b0ad3252e','',1.79573062024193572995e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','60dfb7743871666378d1020151b028ea712c69c6dbd3b6e7a482055c5c2a06ac','',1.79573062024587321279e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','b1a657b8705458d65fb33b3e28bd11d476f879fdc4760e9fd5bb9234e0a5ce6e','',1.79573062025159287452e+09,0);
CREATE TABLE endings (
            poll_id   TEXT NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
            team_id   TEXT NOT NULL,
            closed_at REAL NOT NULL,
            attempts  INTEGER NOT NULL DEFAULT 0, due_at REAL DEFAULT 0, held_until REAL, holder TEXT,
            PRIMARY KEY (poll_id, closed_at)
        ) STRICT;
INSERT INTO "endings" VALUES('8yL8-kdadKHz','T0SANDBOX',1.7957306201175165176e+09,0,1.79573062107117533683e+09,NULL,NULL);
CREATE TABLE intents (
            id                 TEXT NOT NULL PRIMARY KEY,
            team_id            TEXT NOT NULL,
            user_id            TEXT NOT NULL,
            site               TEXT NOT NULL,
            issue_key          TEXT NOT NULL,
            wish               TEXT NOT NULL CHECK (wish IN ('vote', 'withdraw')),
            state              TEXT NOT NULL CHECK (state IN ('queued', 'unconnected', 'settled')),
            attempts           INTEGER NOT NULL DEFAULT 0,
            asked_at           REAL NOT NULL,
            told               INTEGER NOT NULL DEFAULT 0,
            outcome            TEXT,
            channel_id         TEXT NOT NULL,
            response_url       TEXT,
            replaces           INTEGER NOT NULL DEFAULT 0, due_at REAL DEFAULT 0, held_until REAL, holder TEXT, first_key TEXT NOT NULL DEFAULT '',
            UNIQUE (team_id, user_id, site, issue_key)
        ) STRICT;
INSERT INTO "intents" VALUES('4ZW-Bjtg0KM0','T0SANDBOX','U0ADA','https://acme.example','PLAT-13','vote','queued',1,1.7957306202421450615e+09,1,NULL,'C0PLANNING','gAAAAABrCKy8kxiR5lrbwbs9KQ2l25k1affaEKCapz3eBL4PrwprUg5mmLaeiBGuukHe134yWjb806Su-SoYwpv1ea1ckB3E7Wju9Ir9dHj2LluKe_tn4ak3ERsPeH33d_hoPDbb94CpOh2qecto4X7X1MMfgWgOdQ==',0,1.79573062178316259383e+09,NULL,NULL,'PLAT-13');
INSERT INTO "intents" VALUES('8aLVnjddicdA','T0SANDBOX','U0BEN','https://acme.example','PLAT-12','vote','unconnected',0,1.79573062024605107312e+09,1,NULL,'C0PLANNING','gAAAAABrCKy8FQsGdwWwt7Z0h9-06gXMu4utEj4poSlkzsYOT6w6eVwlO26wgdZTHn08cfooWtaeJ7KPhbFAWQerip8gniqpoNltQ1CxGY9303VmxQGQsH25hMZaWb-pLMObTQ58anGF8U-v8ACNP182EFPvrLUF5g==',0,1.79573062129430818562e+09,NULL,NULL,'PLAT-12');
CREATE TABLE issues (
            site      TEXT NOT NULL,
            issue_key TEXT NOT NULL,
            issue_id  TEXT NOT NULL,
            moved_to  TEXT,
            PRIMARY KEY (site, issue_key)
        ) STRICT, WITHOUT ROWID;
INSERT INTO "issues" VALUES('https://acme.example','PLAT-12','10001',NULL);
INSERT INTO "issues" VALUES('https://acme.example','PLAT-13','10002',NULL);
CREATE TABLE links (
            team_id    TEXT NOT NULL,
            channel_id TEXT NOT NULL,
            site       TEXT NOT NULL,
            issue_key  TEXT NOT NULL,
            linked_by  TEXT NOT NULL,
            linked_at  REAL NOT NULL,
            PRIMARY KEY (team_id, channel_id)
        ) STRICT;
INSERT INTO "links" VALUES('T0SANDBOX','C0PLANNING','https://acme.example','PLAT-13','U0ADA',1.79573061708822870252e+09);
CREATE TABLE mark (id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1), name TEXT NOT NULL, count INTEGER NOT NULL) STRICT;
INSERT INTO "mark" VALUES(1,'2ebd85e8469f9aca',82);
CREATE TABLE outbox (
            kind       TEXT NOT NULL,
            about      TEXT NOT NULL,
            reader     TEXT NOT NULL DEFAULT '',
            occasion   REAL NOT NULL DEFAULT 0,
            team_id    TEXT NOT NULL,
            state      TEXT NOT NULL
                CHECK (state IN ('claimed', 'sent', 'unsure', 'left_out', 'owed')),
            owed       INTEGER NOT NULL DEFAULT 0,
            tries      INTEGER NOT NULL DEFAULT 0,
            changed_at REAL NOT NULL,
            due_at     REAL DEFAULT 0,
            held_until REAL,
            holder     TEXT,
            attempts   INTEGER NOT NULL DEFAULT 0, code TEXT NOT NULL DEFAULT '',
            PRIMARY KEY (kind, about, reader, occasion)
        ) STRICT;
INSERT INTO "outbox" VALUES('receipt','8aLVnjddicdA','connect',0.0,'T0SANDBOX','sent',0,1,1.79573062028329658509e+09,0.0,NULL,NULL,0,'');
CREATE TABLE pages (
            team_id  TEXT NOT NULL,
            page_id  TEXT NOT NULL,
            space_id TEXT NOT NULL,
            title    TEXT NOT NULL,
            macro_id TEXT,
            PRIMARY KEY (team_id, page_id)
        ) STRICT;
CREATE TABLE poll_keys (
            poll_id TEXT NOT NULL PRIMARY KEY REFERENCES polls (id) ON DELETE CASCADE,
            key     TEXT NOT NULL
        ) STRICT;
INSERT INTO "poll_keys" VALUES('Vb9sVwUltvrL','gAAAAABrCKy8bQWoIOTFY4hM-ZBuqJShWOAKL_WMynw9Pl1Wmf2vKTiI0RA6aAfOm8eAST3VW1ri7Jh4xJIP8qrrqmgqhFvOl9L-8w1CHANvvwzDuuLEdN4LjwUi9EVW3X6NzsU6es_zfjbCMas5yodfxwPbQuzpmcePU8Yl-UveaU8w6m2MMDM=');
CREATE TABLE polls (
            id          TEXT NOT NULL PRIMARY KEY,
            team_id     TEXT NOT NULL,
            site        TEXT NOT NULL,
            kind        TEXT NOT NULL CHECK (kind IN ('plain', 'issue', 'page')),
            subject     TEXT NOT NULL,
            source_id   TEXT,
            remote_id   TEXT,
            raw         TEXT,
            title       TEXT NOT NULL,
            description TEXT NOT NULL,
            options     TEXT NOT NULL,
            settings    TEXT NOT NULL,
            template    TEXT,
            created_by  TEXT NOT NULL,
            owners      TEXT NOT NULL DEFAULT '[]',
            created_at  REAL NOT NULL,
            made        INTEGER NOT NULL DEFAULT 1,
            closes_at   REAL,
            closed_at   REAL,
            deleted_at  REAL,
            jira_part   TEXT,
            understood  INTEGER NOT NULL DEFAULT 1,
            read_at     REAL NOT NULL DEFAULT 0,
            read_every  REAL NOT NULL DEFAULT 300
        , closed_by TEXT, remind_before REAL, remind_due_at REAL, record INTEGER NOT NULL DEFAULT 0, read_due_at REAL, read_held_until REAL, read_holder TEXT, read_attempts INTEGER NOT NULL DEFAULT 0, remind_held_until REAL, remind_holder TEXT, remind_attempts INTEGER NOT NULL DEFAULT 0, people INTEGER, found INTEGER NOT NULL DEFAULT 0, asked TEXT NOT NULL DEFAULT '', source TEXT, place TEXT) STRICT;
INSERT INTO "polls" VALUES('Gbdy5DAvjDea','T0SANDBOX','https://acme.example','plain','',NULL,NULL,NULL,'Lunch?','','[{"id":"1","title":"Pizza","order":0,"removed":false,"edited":false},{"id":"2","title":"Soup","order":1,"removed":false,"edited":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":true,"comments":false}',NULL,'U0ADA','[]',1.79573061714836502075e+09,1,NULL,NULL,NULL,NULL,1,0.0,300.0,NULL,NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,NULL,0,'',NULL,NULL);
INSERT INTO "polls" VALUES('Vb9sVwUltvrL','T0SANDBOX','https://acme.example','issue','PLAT-13',NULL,NULL,NULL,'Leaving?','','[{"id":"1","title":"Yes","order":0,"removed":false,"edited":false},{"id":"2","title":"No","order":1,"removed":false,"edited":false}]','{"several":true,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":false,"comments":false}',NULL,'U0ADA','[]',1.79573061814093422891e+09,1,NULL,NULL,NULL,NULL,1,0.0,300.0,NULL,NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,NULL,0,'',NULL,NULL);
INSERT INTO "polls" VALUES('8yL8-kdadKHz','T0SANDBOX','https://acme.example','issue','PLAT-13',NULL,NULL,NULL,'Over?','','[{"id":"1","title":"Yes","order":0,"removed":false,"edited":false},{"id":"2","title":"No","order":1,"removed":false,"edited":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":false,"comments":false}',NULL,'U0ADA','[]',1.79573061913620710379e+09,1,NULL,1.7957306201175165176e+09,NULL,NULL,1,0.0,300.0,'',NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,3,0,'',NULL,NULL);
INSERT INTO "polls" VALUES('Ts7Pze9g0HzG','T0SANDBOX','https://acme.example','issue','PLAT-13',NULL,NULL,NULL,'Lunch?','','[{"id":"1","title":"Pizza","order":0,"removed":false,"edited":false},{"id":"2","title":"Soup","order":1,"removed":false,"edited":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":true,"comments":false}',NULL,'U0ADA','[]',1.79573062014496874806e+09,1,NULL,NULL,NULL,NULL,1,0.0,300.0,NULL,NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,NULL,0,'',NULL,NULL);
INSERT INTO "polls" VALUES('bw30rxN6W-JP','T0SANDBOX','https://acme.example','issue','PLAT-12',NULL,NULL,NULL,'Lunch?','','[{"id":"1","title":"Pizza","order":0,"removed":false,"edited":false},{"id":"2","title":"Soup","order":1,"removed":false,"edited":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":1795903380.0,"closes_at_end":true,"percent_only":false,"changeable":true,"names":true,"comments":false}',NULL,'U0ADA','[]',1.7957306202274749279e+09,1,1795903380.0,NULL,NULL,NULL,1,0.0,300.0,NULL,3600.0,1795899780.0,1,NULL,NULL,NULL,0,NULL,NULL,0,NULL,0,'',NULL,NULL);
CREATE TABLE receipts (
            id           TEXT NOT NULL,
            team_id      TEXT NOT NULL,
            user_id      TEXT NOT NULL,
            poll_id      TEXT NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
            since        REAL NOT NULL,
            channel_id   TEXT NOT NULL,
            response_url TEXT,
            replaces     INTEGER NOT NULL DEFAULT 0,
            due_at       REAL,
            held_until   REAL,
            holder       TEXT,
            attempts     INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (team_id, user_id, poll_id)
        ) STRICT;
CREATE TABLE records (
            poll_id    TEXT NOT NULL PRIMARY KEY REFERENCES polls (id) ON DELETE CASCADE,
            team_id    TEXT NOT NULL,
            site       TEXT NOT NULL,
            issue_key  TEXT NOT NULL,
            owner      TEXT NOT NULL,
            state      TEXT NOT NULL
                CHECK (state IN ('wanted', 'unconnected', 'written', 'refused')),
            comment_id TEXT,
            tried      INTEGER NOT NULL DEFAULT 0,
            attempts   INTEGER NOT NULL DEFAULT 0,
            closed_at  REAL NOT NULL
        , due_at REAL DEFAULT 0, held_until REAL, holder TEXT) STRICT;
CREATE TABLE schedules (
            id         TEXT NOT NULL PRIMARY KEY,
            team_id    TEXT NOT NULL,
            site       TEXT NOT NULL,
            owner      TEXT NOT NULL,
            plan       TEXT NOT NULL,
            stamp      TEXT,
            made_at    REAL NOT NULL,
            next_at    REAL,
            attempts   INTEGER NOT NULL DEFAULT 0,
            paused     INTEGER NOT NULL DEFAULT 0,
            why        TEXT NOT NULL DEFAULT '',
            needs_jira INTEGER NOT NULL DEFAULT 0,
            posted     INTEGER NOT NULL DEFAULT 0,
            failures   INTEGER NOT NULL DEFAULT 0,
            snapshot   TEXT, due_at REAL DEFAULT 0, held_until REAL, holder TEXT,
            UNIQUE (team_id, owner, stamp)
        ) STRICT;
INSERT INTO "schedules" VALUES('cpVPmMBaYTwt','T0SANDBOX','https://acme.example','U0ADA','{"what":"poll","subject":"Gbdy5DAvjDea","channel_id":"C0PLANNING","recurrence":{"every":"daily","at":"09:00:00","zone":"Europe/Berlin","days":[],"day":1,"on":null},"view":"bars","missed":"late","until_closed":false,"most":null,"ask":null,"starts_at":null}','V41',1.79573062017865610123e+09,1795766400.0,0,0,'',0,0,0,NULL,1795766400.0,NULL,NULL);
CREATE TABLE sources (
            id        TEXT NOT NULL PRIMARY KEY,
            team_id   TEXT NOT NULL,
            workspace TEXT NOT NULL,
            url       TEXT NOT NULL,
            token     TEXT NOT NULL,
            set_by    TEXT NOT NULL,
            set_at    REAL NOT NULL,
            UNIQUE (team_id, workspace)
        ) STRICT;
CREATE TABLE steps (
            poll_id TEXT NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
            part    TEXT NOT NULL CHECK (part IN ('slack', 'jira')),
            place   INTEGER NOT NULL,
            people  INTEGER,
            counts  TEXT NOT NULL,
            PRIMARY KEY (poll_id, part, place)
        ) STRICT, WITHOUT ROWID;
INSERT INTO "steps" VALUES('Vb9sVwUltvrL','slack',1,3,'{"1": 1, "2": 3}');
CREATE TABLE teams (
            team_id    TEXT NOT NULL PRIMARY KEY,
            needs_jira INTEGER NOT NULL DEFAULT 0
        ) STRICT;
CREATE TABLE tries (
            id          TEXT NOT NULL PRIMARY KEY,
            team_id     TEXT NOT NULL,
            user_id     TEXT NOT NULL,
            site        TEXT NOT NULL,
            issue_key   TEXT NOT NULL,
            wish        TEXT NOT NULL CHECK (wish IN ('vote', 'withdraw')),
            sent_at     REAL NOT NULL,
            answered_at REAL
        ) STRICT;
INSERT INTO "tries" VALUES('rey0dItTEFOc','T0SANDBOX','U0ADA','https://acme.example','PLAT-12','vote',1.79573061694672894477e+09,1.79573061695123720174e+09);
INSERT INTO "tries" VALUES('Lgdk6ng5HuK6','T0SANDBOX','U0ADA','https://acme.example','PLAT-13','vote',1.79573062025113368029e+09,NULL);
CREATE TABLE waiting_polls (
            id           TEXT NOT NULL PRIMARY KEY,
            team_id      TEXT NOT NULL,
            user_id      TEXT NOT NULL,
            site         TEXT NOT NULL,
            kind         TEXT NOT NULL CHECK (kind IN ('issue', 'page')),
            subject      TEXT NOT NULL,
            ask          TEXT NOT NULL,
            stamp        TEXT NOT NULL,
            channel_id   TEXT NOT NULL,
            response_url TEXT,
            state        TEXT NOT NULL
                CHECK (state IN ('queued', 'unconnected', 'making', 'settled')),
            asked_at     REAL NOT NULL,
            ends_at      REAL,
            outcome      TEXT,
            due_at       REAL,
            held_until   REAL,
            holder       TEXT,
            attempts     INTEGER NOT NULL DEFAULT 0,
            UNIQUE (team_id, user_id, stamp)
        ) STRICT;
INSERT INTO "waiting_polls" VALUES('TPjIpktXX-XX','T0SANDBOX','U0ADA','https://acme.example','issue','PLAT-12','{"draft":{"title":"Later?","options":["Pizza","Soup"],"description":"","settings":{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":true,"comments":false},"template":null,"remind_before":null,"record":false},"kind":"issue","subject":"PLAT-12","local":false,"lasts":null}','49.T0SANDBOX.60c4263d0642ff9f52d02b96ac759058 PLAT-12 "Later?" "Pizza" "Soup"','C0PLANNING','gAAAAABrCKy8R_ptMpSx5_vxq6SqLwMMYdlhAAybz3NUpsJGbT6BcfbaVghL1Y0RYb947ROw5tN3p96wFgAVdmXGm5Wa-X9W7ysqsaAorI7-p03lOWKNr0-1huQHweYm9DvQ75Y03-z0iY4GiYVJYKn2jq1UK7pNLA==','queued',1.79573062025920343401e+09,NULL,NULL,1.79573062225920343395e+09,NULL,NULL,0);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX cards_of_issue ON cards (team_id, site, issue_key);
CREATE INDEX deliveries_old ON deliveries (seen_at);
CREATE INDEX polls_of ON polls (team_id, subject);
CREATE INDEX polls_to_close ON polls (closes_at)
            WHERE closed_at IS NULL AND deleted_at IS NULL;
CREATE INDEX cards_of_poll ON cards (poll_id) WHERE poll_id IS NOT NULL;
CREATE INDEX schedules_of ON schedules (team_id, owner);
CREATE INDEX schedules_stopped ON schedules (team_id, owner) WHERE needs_jira = 1;
CREATE INDEX ballot_lines_of ON ballot_lines (team_id, site, issue_key);
CREATE INDEX intents_due ON intents (due_at);
CREATE INDEX intents_held ON intents (held_until) WHERE held_until IS NOT NULL;
CREATE INDEX cards_due ON cards (due_at) WHERE changes > drawn;
CREATE INDEX cards_held ON cards (held_until) WHERE held_until IS NOT NULL;
CREATE INDEX endings_due ON endings (due_at);
CREATE INDEX endings_held ON endings (held_until) WHERE held_until IS NOT NULL;
CREATE INDEX records_due ON records (due_at) WHERE state = 'wanted';
CREATE INDEX records_held ON records (held_until) WHERE held_until IS NOT NULL;
CREATE INDEX schedules_due ON schedules (due_at) WHERE paused = 0 AND next_at IS NOT NULL;
CREATE INDEX schedules_held ON schedules (held_until) WHERE held_until IS NOT NULL;
CREATE INDEX polls_to_read ON polls (read_due_at) WHERE read_due_at IS NOT NULL;
CREATE INDEX polls_reading ON polls (read_held_until) WHERE read_held_until IS NOT NULL;
CREATE INDEX polls_to_remind ON polls (remind_due_at) WHERE remind_due_at IS NOT NULL;
CREATE INDEX polls_reminding ON polls (remind_held_until)
            WHERE remind_held_until IS NOT NULL;
CREATE INDEX outbox_owed ON outbox (due_at) WHERE owed > 0;
CREATE INDEX outbox_held ON outbox (held_until) WHERE held_until IS NOT NULL;
CREATE INDEX outbox_claimed ON outbox (kind) WHERE state = 'claimed';
CREATE INDEX tries_of ON tries (team_id, user_id, site, issue_key);
CREATE INDEX steps_near ON steps (poll_id, part, people);
CREATE INDEX cards_at ON cards (channel_id, message_ts);
CREATE INDEX receipts_due ON receipts (due_at);
CREATE INDEX receipts_held ON receipts (held_until) WHERE held_until IS NOT NULL;
CREATE INDEX receipts_of ON receipts (poll_id);
CREATE INDEX waiting_polls_due ON waiting_polls (due_at);
CREATE INDEX issues_by_id ON issues (site, issue_id);
CREATE UNIQUE INDEX polls_remote ON polls (team_id, source_id, place, remote_id)
            WHERE remote_id IS NOT NULL;
COMMIT;
