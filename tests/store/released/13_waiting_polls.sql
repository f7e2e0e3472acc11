-- poll-key: gAAAAABrCKynQwc7mCK0HYgMiy-Bd6_bJGco8SLsMnEhpq2QWq1nUSGmFV_8XFYGBFkSlsuPORpRC5DuWdJUsj6cPw33g00M8AgeXFYwfnfwfwiVTdB42YG4S_rp5_wjs0q-GF_SWr6E
BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'pollbot','first_light','2026-11-26 22:03:16.543298+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'pollbot','polls','2026-11-26 22:03:16.558999+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'pollbot','schedules','2026-11-26 22:03:16.575036+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'pollbot','queues','2026-11-26 22:03:16.606274+00:00');
INSERT INTO "_sqlite_migrations" VALUES(5,'pollbot','outbox','2026-11-26 22:03:16.620998+00:00');
INSERT INTO "_sqlite_migrations" VALUES(6,'pollbot','parted_for_good','2026-11-26 22:03:16.624880+00:00');
INSERT INTO "_sqlite_migrations" VALUES(7,'pollbot','tries','2026-11-26 22:03:16.626170+00:00');
INSERT INTO "_sqlite_migrations" VALUES(8,'pollbot','steps','2026-11-26 22:03:16.628272+00:00');
INSERT INTO "_sqlite_migrations" VALUES(9,'pollbot','cards_by_message','2026-11-26 22:03:16.628892+00:00');
INSERT INTO "_sqlite_migrations" VALUES(10,'pollbot','edits','2026-11-26 22:03:16.638704+00:00');
INSERT INTO "_sqlite_migrations" VALUES(11,'pollbot','receipts','2026-11-26 22:03:16.643546+00:00');
INSERT INTO "_sqlite_migrations" VALUES(12,'pollbot','found','2026-11-26 22:03:16.646792+00:00');
INSERT INTO "_sqlite_migrations" VALUES(13,'pollbot','waiting_polls','2026-11-26 22:03:16.652203+00:00');
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
INSERT INTO "accounts" VALUES('T0SANDBOX','U0ADA','https://acme.example','acc-ada','Ada of Jira','https://acme.example','gAAAAABrCKykl1KNPPFEalx8Lu58wCduOJtGyEIGnybU-yQU5WvKPpgwFdkZTkJxMfxt4w_Oc8nS1sdBNjqEGEpJiro5sLFOEg4yWbzGmeuHGCXP_Ul1F-vksWpGg8-1-uCPavSjIRS_',NULL,1.79573059681860733036e+09);
CREATE TABLE answers (
            poll_id   TEXT NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
            voter     TEXT NOT NULL,
            option_id TEXT NOT NULL, was TEXT,
            PRIMARY KEY (poll_id, voter, option_id)
        ) STRICT, WITHOUT ROWID;
INSERT INTO "answers" VALUES('d5iWew-NtAh0','587bd75517d2347366be1ed4017374be6586176e7295d5f8b99c1c94d6b4b2e8','2',NULL);
INSERT INTO "answers" VALUES('d5iWew-NtAh0','6b91515f63dafcc44c7631640ae1016e8e23373fef86b1124652c5fc2b5c00a9','2',NULL);
INSERT INTO "answers" VALUES('d5iWew-NtAh0','70b7967f1deb5133dd689f79a4e1f02ee7a15d106668193a67f35adb628aca84','1',NULL);
INSERT INTO "answers" VALUES('d5iWew-NtAh0','70b7967f1deb5133dd689f79a4e1f02ee7a15d106668193a67f35adb628aca84','2',NULL);
INSERT INTO "answers" VALUES('fEI0Z8omEExu','U0ADA','1',NULL);
INSERT INTO "answers" VALUES('fEI0Z8omEExu','U0BEN','2',NULL);
INSERT INTO "answers" VALUES('fEI0Z8omEExu','U0CLEO','2',NULL);
INSERT INTO "answers" VALUES('luNRPlNyLd7S','36d40fd91aad8d35bdb1ebd4e6adb164','2',NULL);
INSERT INTO "answers" VALUES('luNRPlNyLd7S','5c7849462cabefb35d1f19e18ad63a44','2',NULL);
INSERT INTO "answers" VALUES('luNRPlNyLd7S','6d1356bd87737780f22add0565aa4bba','1',NULL);
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
INSERT INTO "cards" VALUES('LLm3t5S84XwK','T0SANDBOX','C0PLANNING','1795730596.874898','https://acme.example','PLAT-12','U0ADA',1,0,'{"key":"PLAT-12","summary":"Export <all> & more","status":"Open","type":"Story","votes":8,"voted":true,"voters":["Ada of Jira"],"resolution":null,"reporter_id":null}',1.79573059687131166462e+09,1,1,0,1.7957305968479635715e+09,0,NULL,1.7957305968479635715e+09,NULL,NULL,NULL,1.7957305978756546974e+09,NULL,NULL);
INSERT INTO "cards" VALUES('jbvl7pCPZDCS','T0SANDBOX','C0PLANNING','1795730597.883710','https://acme.example','','U0ADA',1,0,NULL,0.0,4,4,0,1.79573059689495825768e+09,0,'gAAAAABrCKyoW3Iz7ohSrof0CdgSU4FsM31mvSOGB2PNHHpK6WiQC8zCOvbb2MO-LU7dlDMYooOhZ3KZIRooDYmfbBQeq25U5zQACGBOOvZen2X55Bzo0W66Lqh-WMF6qx6MLwlmFvskHv817wXNBPabdGMHYmsTTg==',1.79573060007232666009e+09,'fEI0Z8omEExu',NULL,NULL,1.79573059993131852146e+09,NULL,NULL);
INSERT INTO "cards" VALUES('TpioTzXcs87g','T0SANDBOX','C0PLANNING','1795730598.889302','https://acme.example','','U0ADA',1,0,NULL,0.0,5,5,0,1.79573059795484185219e+09,0,'gAAAAABrCKym-rOR97AY5UPmEr2Gk-E0rCDUEb1aMmhmy8a7hKrbTL15wKo2n3YBihbs71wNGMXQ7ZjYXb5RYuPMwiRDJg8WoOW58C8lQwhJCVtYA4crOhQe21fwagGp-ZbAftWja_iOqwHxTnr5KCTq1rkNGdc0Ug==',1.79573059891990137104e+09,'d5iWew-NtAh0',NULL,NULL,1.79573060096303749083e+09,NULL,NULL);
INSERT INTO "cards" VALUES('dK40vwe-MGp2','T0SANDBOX','C0PLANNING','1795730599.893124','https://acme.example','','U0ADA',1,0,NULL,0.0,5,1,0,1.7957305989438812733e+09,0,'gAAAAABrCKyn9fZUAi-7_mm0yp3GhogWy_j1sMtQK57vUq-pKgO_DV2HbYHLaInYdXBehiP_RMXyTM1qAcanlHL99WiFPuGqPfPMTXjaDm6YSV0WUJ078FZFTPugs0mLc6vlS0g80ymG7aM-hk6gQv2MAFTpfYPuGQ==',1.79573059995307874681e+09,'luNRPlNyLd7S',NULL,NULL,1.79573060090245985981e+09,NULL,NULL);
INSERT INTO "cards" VALUES('sHMGT4ne6vFG','T0SANDBOX','C0PLANNING',NULL,'https://acme.example','','U0ADA',0,0,NULL,0.0,1,0,0,1.79573060007079958909e+09,0,'gAAAAABrCKyo-MZJHfzDgHG4mU0IUVOlW9mZscHTL3IRflne7wsepyH6ypz0RhwdrXD1bQjuPYOVsXMUhuX8yyy3h5ga8nUcwATo_L-4GxuN2ik1Dzq1t4j5n0aJKkTeNVy63Pv--M9KFjx8ozgo7nzmVRlWB0E-iw==',1.79573060007079958909e+09,'RMD0OFgn2eXq',NULL,NULL,1.79573060189359307286e+09,NULL,NULL);
INSERT INTO "cards" VALUES('PhhHVVagbb3U','T0SANDBOX','C0PLANNING',NULL,'https://acme.example','','U0ADA',0,0,NULL,0.0,1,0,0,1.79573060013858413694e+09,0,'gAAAAABrCKyo9Tt-Lx_qajTxvlELHduW9Po1d3a6G2ND3stQExtlSwErDs40baiFdyKEN0nPXo6ENgUnhOc8qAROczEOOnN1aqHDTdvPcTEQh2BDpL0h8Q2SN5V2pUSdcy7XlB1WkK4V3IuwSeJ4zB9sC-IHRYPDHw==',1.79573060013858413694e+09,'djjIF8EklRIb',NULL,NULL,1.79573060289359307285e+09,NULL,NULL);
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
INSERT INTO "deliveries" VALUES('','','delivery','1630a995438ba210534e25cf9d57858e140042d30f46c0f979740605f2c3f58f','',1.79573059681570434574e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','c7243c826175e21c018e810cf94d95f6a7491bf3aa35db7d396fbc317aadafb9','',1.79573059682158350943e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example PLAT-12 ','6.T0SANDBOX.04998a07567096a955ee45a1c334d345','card',1.7957305968479635715e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','a38406d7160a1c23e0f96ea9445bf0009a88de955069f77e51d1da58e80889a9','',1.79573059689060449597e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','10.T0SANDBOX.cc130f0121762cf5de8c57d86b99a288 here "Lunch?" "Pizza" "Soup"','fEI0Z8omEExu',1.79573059689373755454e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  fEI0Z8omEExu','10.T0SANDBOX.cc130f0121762cf5de8c57d86b99a288 here "Lunch?" "Pizza" "Soup"','card',1.79573059689495825768e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','poll fEI0Z8omEExu','1795730597.906362','answer',1.79573059791059446333e+09,1);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0BEN','poll fEI0Z8omEExu','1795730597.919179','answer',1.79573059792029047013e+09,1);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0CLEO','poll fEI0Z8omEExu','1795730597.928060','answer',1.79573059793547844882e+09,1);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','17.T0SANDBOX.094e93cf6b9727c83cd225e4e16ac0d1 anonymous multi "Leaving?" "Yes" "No"','d5iWew-NtAh0',1.79573059794212961195e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  d5iWew-NtAh0','17.T0SANDBOX.094e93cf6b9727c83cd225e4e16ac0d1 anonymous multi "Leaving?" "Yes" "No"','card',1.79573059795484185219e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','70b7967f1deb5133dd689f79a4e1f02ee7a15d106668193a67f35adb628aca84','poll d5iWew-NtAh0','1795730598.894370','switch',1.79573059889973139758e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','6b91515f63dafcc44c7631640ae1016e8e23373fef86b1124652c5fc2b5c00a9','poll d5iWew-NtAh0','1795730598.901448','switch',1.79573059890253353123e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','587bd75517d2347366be1ed4017374be6586176e7295d5f8b99c1c94d6b4b2e8','poll d5iWew-NtAh0','1795730598.910988','switch',1.7957305989125373364e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','70b7967f1deb5133dd689f79a4e1f02ee7a15d106668193a67f35adb628aca84','poll d5iWew-NtAh0','1795730598.919137','switch',1.79573059892004084584e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','27.T0SANDBOX.eacae92f9f7fb2b312efe8d01130c8f0 anonymous "Over?" "Yes" "No"','luNRPlNyLd7S',1.79573059893829584119e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  luNRPlNyLd7S','27.T0SANDBOX.eacae92f9f7fb2b312efe8d01130c8f0 anonymous "Over?" "Yes" "No"','card',1.7957305989438812733e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','166c1b6580150c319171bc0f8d36a11923d036e704c306a0d46718666167aaa0','',1.79573059998122954369e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','39.T0SANDBOX.bac916970458be8415f7afc6092fd033 "Lunch?" "Pizza" "Soup"','RMD0OFgn2eXq',1.79573060006631875034e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  RMD0OFgn2eXq','39.T0SANDBOX.bac916970458be8415f7afc6092fd033 "Lunch?" "Pizza" "Soup"','card',1.79573060007079958909e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','V45','djjIF8EklRIb',1.79573060012092256543e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  djjIF8EklRIb','V45','card',1.79573060013858413694e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','cb9f4286dd3b6661946437bb05ded530d331011ea0c76e412f4e64be17184a01','',1.79573060014309430123e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','c73f9b530055d5dbc05f2a664944844bc9f80f3566115c8d7c905150f8fc347c','',1.79573060015084791179e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','ff40c3ddf57c990cfef220f4e11f2ba78d5ec1cb1347d2f826f7ce8aef7a7edb','',1.79573060016283559802e+09,0);
CREATE TABLE endings (
            poll_id   TEXT NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
            team_id   TEXT NOT NULL,
            closed_at REAL NOT NULL,
            attempts  INTEGER NOT NULL DEFAULT 0, due_at REAL DEFAULT 0, held_until REAL, holder TEXT,
            PRIMARY KEY (poll_id, closed_at)
        ) STRICT;
INSERT INTO "endings" VALUES('luNRPlNyLd7S','T0SANDBOX',1.79573059998204755775e+09,0,1.79573060089359307286e+09,NULL,NULL);
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
            replaces           INTEGER NOT NULL DEFAULT 0, due_at REAL DEFAULT 0, held_until REAL, holder TEXT,
            UNIQUE (team_id, user_id, site, issue_key)
        ) STRICT;
INSERT INTO "intents" VALUES('cbzW7LW_ERxo','T0SANDBOX','U0ADA','https://acme.example','PLAT-13','vote','queued',1,1.79573060014328265187e+09,1,NULL,'C0PLANNING','gAAAAABrCKyo0Pou_WFO7iUclS5D-e4WSnpjO_snyb5UFzzer1JdZ-N18qS-XU_rHQH0NAtQKAyrjUH8am_ZdAXcTLa2WpARig0hb8dZXpcNlShcW76hoUoVHloodG9UaZN9k4bKiAkZQYA2I1VmujpraTIYD_buow==',0,1.79573060253079915048e+09,NULL,NULL);
INSERT INTO "intents" VALUES('BXzJQqStbATZ','T0SANDBOX','U0BEN','https://acme.example','PLAT-12','vote','unconnected',0,1.7957306001509919166e+09,1,NULL,'C0PLANNING','gAAAAABrCKyooLRj2eIU9XSDyQRJWjOf04oVCoak8_1lCyIqktQHABerRrDiGazNJNeD2Zn2MkoyBes80tmUq8WE3MsHv9UIwqKoJcgqZtFtL7PGSSH28Ox0zIIBFEzq89S2vWwoETZOPChYXtaAWRw0c7Pi41JoQw==',0,1.79573060121500921253e+09,NULL,NULL);
CREATE TABLE links (
            team_id    TEXT NOT NULL,
            channel_id TEXT NOT NULL,
            site       TEXT NOT NULL,
            issue_key  TEXT NOT NULL,
            linked_by  TEXT NOT NULL,
            linked_at  REAL NOT NULL,
            PRIMARY KEY (team_id, channel_id)
        ) STRICT;
INSERT INTO "links" VALUES('T0SANDBOX','C0PLANNING','https://acme.example','PLAT-13','U0ADA',1.79573059689202857011e+09);
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
            attempts   INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (kind, about, reader, occasion)
        ) STRICT;
INSERT INTO "outbox" VALUES('receipt','BXzJQqStbATZ','connect',0.0,'T0SANDBOX','sent',0,1,1.7957306002060053349e+09,0.0,NULL,NULL,0);
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
INSERT INTO "poll_keys" VALUES('d5iWew-NtAh0','gAAAAABrCKyomIYLQWd-uJ1zRC5yUFQ2D9Ar0g5h7avcdKCxZsNfhVx88Etlfj5C9ZugEeDEHjlvUvVw3OIb0eUSfiHAj3zDf5SjYxCALolFqd4Cx1tUwTSDyZMuXNBM0ftKfjoaXVY7s41fehGgOojV7W35rUMP5f-uJBtK8clNEv2wNKxN9_k=');
CREATE TABLE polls (
            id          TEXT NOT NULL PRIMARY KEY,
            team_id     TEXT NOT NULL,
            site        TEXT NOT NULL,
            kind        TEXT NOT NULL CHECK (kind IN ('plain', 'issue', 'page')),
            subject     TEXT NOT NULL,
            source_id   TEXT,
            workspace   TEXT,
            content     TEXT,
            container   TEXT,
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
        , closed_by TEXT, remind_before REAL, remind_due_at REAL, record INTEGER NOT NULL DEFAULT 0, read_due_at REAL, read_held_until REAL, read_holder TEXT, read_attempts INTEGER NOT NULL DEFAULT 0, remind_held_until REAL, remind_holder TEXT, remind_attempts INTEGER NOT NULL DEFAULT 0, people INTEGER, found INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO "polls" VALUES('fEI0Z8omEExu','T0SANDBOX','https://acme.example','plain','',NULL,NULL,NULL,NULL,NULL,NULL,'Lunch?','','[{"id":"1","title":"Pizza","order":0,"removed":false,"edited":false},{"id":"2","title":"Soup","order":1,"removed":false,"edited":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":true,"comments":false}',NULL,'U0ADA','[]',1.79573059689373755454e+09,1,NULL,NULL,NULL,NULL,1,0.0,300.0,NULL,NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,NULL,0);
INSERT INTO "polls" VALUES('d5iWew-NtAh0','T0SANDBOX','https://acme.example','issue','PLAT-13',NULL,NULL,NULL,NULL,NULL,NULL,'Leaving?','','[{"id":"1","title":"Yes","order":0,"removed":false,"edited":false},{"id":"2","title":"No","order":1,"removed":false,"edited":false}]','{"several":true,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":false,"comments":false}',NULL,'U0ADA','[]',1.79573059794212961195e+09,1,NULL,NULL,NULL,NULL,1,0.0,300.0,NULL,NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,NULL,0);
INSERT INTO "polls" VALUES('luNRPlNyLd7S','T0SANDBOX','https://acme.example','issue','PLAT-13',NULL,NULL,NULL,NULL,NULL,NULL,'Over?','','[{"id":"1","title":"Yes","order":0,"removed":false,"edited":false},{"id":"2","title":"No","order":1,"removed":false,"edited":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":false,"comments":false}',NULL,'U0ADA','[]',1.79573059893829584119e+09,1,NULL,1.79573059998204755775e+09,NULL,NULL,1,0.0,300.0,'',NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,3,0);
INSERT INTO "polls" VALUES('RMD0OFgn2eXq','T0SANDBOX','https://acme.example','issue','PLAT-13',NULL,NULL,NULL,NULL,NULL,NULL,'Lunch?','','[{"id":"1","title":"Pizza","order":0,"removed":false,"edited":false},{"id":"2","title":"Soup","order":1,"removed":false,"edited":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":true,"comments":false}',NULL,'U0ADA','[]',1.79573060006631875034e+09,1,NULL,NULL,NULL,NULL,1,0.0,300.0,NULL,NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,NULL,0);
INSERT INTO "polls" VALUES('djjIF8EklRIb','T0SANDBOX','https://acme.example','issue','PLAT-12',NULL,NULL,NULL,NULL,NULL,NULL,'Lunch?','','[{"id":"1","title":"Pizza","order":0,"removed":false,"edited":false},{"id":"2","title":"Soup","order":1,"removed":false,"edited":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":1795903380.0,"closes_at_end":true,"percent_only":false,"changeable":true,"names":true,"comments":false}',NULL,'U0ADA','[]',1.79573060012092256543e+09,1,1795903380.0,NULL,NULL,NULL,1,0.0,300.0,NULL,3600.0,1795899780.0,1,NULL,NULL,NULL,0,NULL,NULL,0,NULL,0);
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
INSERT INTO "schedules" VALUES('O7SmZGU-cnhA','T0SANDBOX','https://acme.example','U0ADA','{"what":"poll","subject":"fEI0Z8omEExu","channel_id":"C0PLANNING","recurrence":{"every":"daily","at":"09:00:00","zone":"Europe/Berlin","days":[],"day":1,"on":null},"view":"bars","missed":"late","until_closed":false,"most":null,"ask":null,"starts_at":null}','V41',1.79573060009972715377e+09,1795766400.0,0,0,'',0,0,0,NULL,1795766400.0,NULL,NULL);
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
INSERT INTO "steps" VALUES('d5iWew-NtAh0','slack',1,3,'{"1": 1, "2": 3}');
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
INSERT INTO "tries" VALUES('k0CMQ2BTKMHq','T0SANDBOX','U0ADA','https://acme.example','PLAT-12','vote',1.79573059683466410636e+09,1.79573059683612680438e+09);
INSERT INTO "tries" VALUES('kvHjhPPfQjE4','T0SANDBOX','U0ADA','https://acme.example','PLAT-13','vote',1.79573060016530013085e+09,NULL);
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
INSERT INTO "waiting_polls" VALUES('n_77HA-aEpgk','T0SANDBOX','U0ADA','https://acme.example','issue','PLAT-12','{"draft":{"title":"Later?","options":["Pizza","Soup"],"description":"","settings":{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":true,"comments":false},"template":null,"remind_before":null,"record":false},"kind":"issue","subject":"PLAT-12","local":false,"lasts":null}','49.T0SANDBOX.d7de19943789ebf69d02b792d8bbdfd1 PLAT-12 "Later?" "Pizza" "Soup"','C0PLANNING','gAAAAABrCKyoE-I-bCzDUKqVhm5Fr3VmgpLt110go-8LtWACUk6nES5SfIN7GZxeVMOyplP8_zia2wrYUqfnNDs44CZ9pNCGikb1xRkdgEyC4I2gERcCio2ZG9mTlqTUyHbHROR0ScvuBEd-U9LLZ6HPU1w6hf3aIg==','queued',1.79573060017193245887e+09,NULL,NULL,1.7957306021719324589e+09,NULL,NULL,0);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX cards_of_issue ON cards (team_id, site, issue_key);
CREATE INDEX deliveries_old ON deliveries (seen_at);
CREATE INDEX polls_of ON polls (team_id, subject);
CREATE INDEX polls_to_close ON polls (closes_at)
            WHERE closed_at IS NULL AND deleted_at IS NULL;
CREATE UNIQUE INDEX polls_remote ON polls (team_id, source_id, content, remote_id)
            WHERE remote_id IS NOT NULL;
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
COMMIT;
