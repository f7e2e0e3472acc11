-- poll-key: gAAAAABrCKyjI_0xPtJFth1p7Wc2g3Sr-9OOI604oa7l97tQ8z0QEx6trzdhWtpYQuLkXissG26jvjYoyRPx-X6Q6IELfztYpTAI4Ut4XVmp_CYlxNfGilvVth7QEhbg-gNNCBUFEoSo
BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'pollbot','first_light','2026-11-26 22:03:11.815956+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'pollbot','polls','2026-11-26 22:03:11.820935+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'pollbot','schedules','2026-11-26 22:03:11.834700+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'pollbot','queues','2026-11-26 22:03:11.861190+00:00');
INSERT INTO "_sqlite_migrations" VALUES(5,'pollbot','outbox','2026-11-26 22:03:11.869601+00:00');
INSERT INTO "_sqlite_migrations" VALUES(6,'pollbot','parted_for_good','2026-11-26 22:03:11.873162+00:00');
INSERT INTO "_sqlite_migrations" VALUES(7,'pollbot','tries','2026-11-26 22:03:11.878745+00:00');
INSERT INTO "_sqlite_migrations" VALUES(8,'pollbot','steps','2026-11-26 22:03:11.883164+00:00');
INSERT INTO "_sqlite_migrations" VALUES(9,'pollbot','cards_by_message','2026-11-26 22:03:11.884431+00:00');
INSERT INTO "_sqlite_migrations" VALUES(10,'pollbot','edits','2026-11-26 22:03:11.885159+00:00');
INSERT INTO "_sqlite_migrations" VALUES(11,'pollbot','receipts','2026-11-26 22:03:11.890597+00:00');
INSERT INTO "_sqlite_migrations" VALUES(12,'pollbot','found','2026-11-26 22:03:11.893029+00:00');
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
INSERT INTO "accounts" VALUES('T0SANDBOX','U0ADA','https://acme.example','acc-ada','Ada of Jira','https://acme.example','gAAAAABrCKyfhH14FKRMQ9Oay3RCL81SYD-KxKXBqeBZXhqqrV7vzakLQqMb_rb_hsGrR01ctG4MQH9BJJJVuQkBAwSkVW_tHg1k9TmaboEKSrNyPPJuHX8QQ4o1kcqlyIgFhTsruW1q',NULL,1.79573059199474477764e+09);
CREATE TABLE answers (
            poll_id   TEXT NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
            voter     TEXT NOT NULL,
            option_id TEXT NOT NULL, was TEXT,
            PRIMARY KEY (poll_id, voter, option_id)
        ) STRICT, WITHOUT ROWID;
INSERT INTO "answers" VALUES('FxaoJmARfWq9','0ee11dbd05ad5a2ffec265b8583aa6b014d153b4c3d89c06e38dd99c2e1367b8','2',NULL);
INSERT INTO "answers" VALUES('FxaoJmARfWq9','d5a989d682829080d6c9ac45b06db7930994df411175274a499d6f66e56580f8','2',NULL);
INSERT INTO "answers" VALUES('FxaoJmARfWq9','fa4c4f4f6a37c1ec798e0eb22f035c61972863faaecc36fe4cd9c63741b14a17','1',NULL);
INSERT INTO "answers" VALUES('FxaoJmARfWq9','fa4c4f4f6a37c1ec798e0eb22f035c61972863faaecc36fe4cd9c63741b14a17','2',NULL);
INSERT INTO "answers" VALUES('JgQJy8EsNDEL','8f1b9da606673564502bb6094e9a741d','1',NULL);
INSERT INTO "answers" VALUES('JgQJy8EsNDEL','de98fd27adf81ab6168faaa76e5fd4f5','2',NULL);
INSERT INTO "answers" VALUES('JgQJy8EsNDEL','e1fb69f4e5900644f62faedec7547f91','2',NULL);
INSERT INTO "answers" VALUES('ej95Q-gL253B','U0ADA','1',NULL);
INSERT INTO "answers" VALUES('ej95Q-gL253B','U0BEN','2',NULL);
INSERT INTO "answers" VALUES('ej95Q-gL253B','U0CLEO','2',NULL);
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
INSERT INTO "cards" VALUES('18OPTyu7z1a7','T0SANDBOX','C0PLANNING','1795730592.059465','https://acme.example','PLAT-12','U0ADA',1,0,'{"key":"PLAT-12","summary":"Export <all> & more","status":"Open","type":"Story","votes":8,"voted":true,"voters":["Ada of Jira"],"resolution":null,"reporter_id":null}',1.7957305920544188023e+09,1,1,0,1.79573059202500796317e+09,0,NULL,1.79573059202500796317e+09,NULL,NULL,NULL,1.79573059306229257589e+09,NULL,NULL);
INSERT INTO "cards" VALUES('QKkhy3_yStu9','T0SANDBOX','C0PLANNING','1795730593.068178','https://acme.example','','U0ADA',1,0,NULL,0.0,4,4,0,1.79573059207886052135e+09,0,'gAAAAABrCKyjyoX2uaiIq1b8hxNMc9CY2_0k1R5f5Mpoobpv48I7Vc4_myzHDJMzE1Eio32FEY2_WflhZt_sOSMPhSLW3UbPXMzZUQy9RkiMlH8bJ-VU0yXJW02OOlnYVWxW4CdQUbG8pWSqtBb44r_quwH3qlV-5w==',1.7957305951530554294e+09,'ej95Q-gL253B',NULL,NULL,1.79573059510785079002e+09,NULL,NULL);
INSERT INTO "cards" VALUES('5izde0JRozfd','T0SANDBOX','C0PLANNING','1795730594.074639','https://acme.example','','U0ADA',1,0,NULL,0.0,5,5,0,1.79573059309207296368e+09,0,'gAAAAABrCKyiB3VbCdM8Yy9ilmu9kc08eUdys8JuiY3xn39DL3il7deG70ta2sVbTvFNMB6XzLH_ti4cSQiDmZHW1fBvHPIfj7ZhdCVqm_uAGjzsfmKhN7u-roKaQ6NdhiYGze0zrHJtwJ9E0urAgVHBagPfuqyIzA==',1.79573059408880758287e+09,'FxaoJmARfWq9',NULL,NULL,1.79573059609119915964e+09,NULL,NULL);
INSERT INTO "cards" VALUES('ii44bhGAgIRa','T0SANDBOX','C0PLANNING','1795730595.084484','https://acme.example','','U0ADA',1,0,NULL,0.0,5,1,0,1.79573059409643983838e+09,0,'gAAAAABrCKyjHA6ye0gjjGTq1h9WjLnYdOmvS_RP27NT9G_oI864gdt_089IcEDbft_xeb-6u7tdikpzoh1dwHGaXfnzJpHAx8YThHdgUJfscKeqLqizgCzRCL7kZukvaKKDX8aO9f5aD-viGh3CgkPaoI-R7wx1pg==',1.79573059510158872598e+09,'JgQJy8EsNDEL',NULL,NULL,1.79573059608752584452e+09,NULL,NULL);
INSERT INTO "cards" VALUES('5VZtVHRixvdJ','T0SANDBOX','C0PLANNING',NULL,'https://acme.example','','U0ADA',0,0,NULL,0.0,1,0,0,1.79573059515184688572e+09,0,'gAAAAABrCKyjgk8VOyrtz5uBcr5Oy6bs4IOxJShKQQG8FgK1A8cSZo8q2B6rB_G1wr1pP_rD0NvRt744eGF0Rq_dHUsmpiOJMCf4yAWvcXLopKfUX7BhLzA132hbHKBEvPvT-rEWvkcdFlCQp07PWlXcFsyEifbdJw==',1.79573059515184688572e+09,'1cZAK06JAeyY',NULL,NULL,1.79573059708494973179e+09,NULL,NULL);
INSERT INTO "cards" VALUES('dsE4v_AdKS6I','T0SANDBOX','C0PLANNING',NULL,'https://acme.example','','U0ADA',0,0,NULL,0.0,1,0,0,1.79573059521509456638e+09,0,'gAAAAABrCKyj6IWY-SO0LErr22sXGpno8m0FS3Yd6W9lnIxcPF_RnBunSe5JEbEEGUzX4DaLGKiTYuNbkGD1MRjGsBscoqqXP6UcT0ToRBceqm98akFPATC-yHj31zfcwBr7PLvou9WA4WO6QI8ThsmJ3yAgd85kUg==',1.79573059521509456638e+09,'_mwd-A-5Mi7e',NULL,NULL,1.79573059808494973183e+09,NULL,NULL);
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
INSERT INTO "deliveries" VALUES('','','delivery','d88532f2e0457596f626f0e7585d58edde1ff1c3d197976575798c271849a245','',1.79573059199181628222e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','e10b400abc3e9f43f9b5b070398870ec42f07c03bb510a7fe5da7dfab17f8990','',1.79573059200184726716e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example PLAT-12 ','6.T0SANDBOX.ad55ce896a4d91017f4aa21356467d58','card',1.79573059202500796317e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','386d0ad93eb3946f07186112f1173f8a45684b9bde7fce458a8630ce3b5947ae','',1.79573059207315373418e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','10.T0SANDBOX.08e8290abca2af7fd61e0c499ddac185 here "Lunch?" "Pizza" "Soup"','ej95Q-gL253B',1.7957305920760874748e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  ej95Q-gL253B','10.T0SANDBOX.08e8290abca2af7fd61e0c499ddac185 here "Lunch?" "Pizza" "Soup"','card',1.79573059207886052135e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','poll ej95Q-gL253B','1795730593.070932','answer',1.795730593074297905e+09,1);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0BEN','poll ej95Q-gL253B','1795730593.075423','answer',1.79573059307636523243e+09,1);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0CLEO','poll ej95Q-gL253B','1795730593.082741','answer',1.79573059308355116843e+09,1);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','17.T0SANDBOX.0a7c69fd9b4972053b5cdf1f4446ea00 anonymous multi "Leaving?" "Yes" "No"','FxaoJmARfWq9',1.79573059308705329896e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  FxaoJmARfWq9','17.T0SANDBOX.0a7c69fd9b4972053b5cdf1f4446ea00 anonymous multi "Leaving?" "Yes" "No"','card',1.79573059309207296368e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','fa4c4f4f6a37c1ec798e0eb22f035c61972863faaecc36fe4cd9c63741b14a17','poll FxaoJmARfWq9','1795730594.081843','switch',1.79573059408291053774e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','0ee11dbd05ad5a2ffec265b8583aa6b014d153b4c3d89c06e38dd99c2e1367b8','poll FxaoJmARfWq9','1795730594.084161','switch',1.79573059408523440358e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','d5a989d682829080d6c9ac45b06db7930994df411175274a499d6f66e56580f8','poll FxaoJmARfWq9','1795730594.086343','switch',1.79573059408714389806e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','fa4c4f4f6a37c1ec798e0eb22f035c61972863faaecc36fe4cd9c63741b14a17','poll FxaoJmARfWq9','1795730594.088143','switch',1.79573059408994913097e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','27.T0SANDBOX.e7dce7106a81bba070840dc6abb7a400 anonymous "Over?" "Yes" "No"','JgQJy8EsNDEL',1.79573059409539914133e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  JgQJy8EsNDEL','27.T0SANDBOX.e7dce7106a81bba070840dc6abb7a400 anonymous "Over?" "Yes" "No"','card',1.79573059409643983838e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','d336ddaa657984684050d1de9a98d8a2c32941f0876ea39e8258d70151468e6b','',1.79573059512810635565e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','39.T0SANDBOX.381f4e2545ba98259bd7879f92405274 "Lunch?" "Pizza" "Soup"','1cZAK06JAeyY',1.79573059515003132817e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  1cZAK06JAeyY','39.T0SANDBOX.381f4e2545ba98259bd7879f92405274 "Lunch?" "Pizza" "Soup"','card',1.79573059515184688572e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','V45','_mwd-A-5Mi7e',1.79573059521011304858e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  _mwd-A-5Mi7e','V45','card',1.79573059521509456638e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','e53407e09a3e6f2e3c8e571be90673ceb72f2f9f9ff9f8f636c700b1a65d73d4','',1.79573059521617269516e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','20792c856dd2a67cbff24a0559aa8d505e59feb61b2abaef983ebca1d3a3a402','',1.79573059521891689304e+09,0);
CREATE TABLE endings (
            poll_id   TEXT NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
            team_id   TEXT NOT NULL,
            closed_at REAL NOT NULL,
            attempts  INTEGER NOT NULL DEFAULT 0, due_at REAL DEFAULT 0, held_until REAL, holder TEXT,
            PRIMARY KEY (poll_id, closed_at)
        ) STRICT;
INSERT INTO "endings" VALUES('JgQJy8EsNDEL','T0SANDBOX',1.79573059512873029709e+09,0,1.7957305960849497318e+09,NULL,NULL);
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
INSERT INTO "intents" VALUES('mWdyG92191DW','T0SANDBOX','U0ADA','https://acme.example','PLAT-13','vote','queued',1,1.79573059521634101863e+09,1,NULL,'C0PLANNING','gAAAAABrCKyj_Tpvwy8pyV1fwTqrXsQPhPwmEf5ntsX3FjRxS2P4VH8wtkfXe1agt2rpezoJiON2d-L4gEym0rcEmAM8I0duFAfKnWbyNQuIWuyzS7fAQhbF5ffsCVMuUjKX9Xghs1SPbqh3sIT_g03A3cPhpSya7Q==',0,1.79573059696471381187e+09,NULL,NULL);
INSERT INTO "intents" VALUES('Uv-CWG-aXuET','T0SANDBOX','U0BEN','https://acme.example','PLAT-12','vote','unconnected',0,1.79573059521905183796e+09,1,NULL,'C0PLANNING','gAAAAABrCKyjDTgaVdKh-bsnRvIKwK_xnIJ09aqYhyCbuoRc5Fx-DdctZP_2vI2AORkqqpIM0n3vOlRpLjqSfxdrWoJXZPAKzXOWwQbx1rNtM0uagxdFBt5nsjUuNjoC9tMHiPHsLg7s3GKIcrfb6vSJ4_BTNCp6dA==',0,1.7957305962689907551e+09,NULL,NULL);
CREATE TABLE links (
            team_id    TEXT NOT NULL,
            channel_id TEXT NOT NULL,
            site       TEXT NOT NULL,
            issue_key  TEXT NOT NULL,
            linked_by  TEXT NOT NULL,
            linked_at  REAL NOT NULL,
            PRIMARY KEY (team_id, channel_id)
        ) STRICT;
INSERT INTO "links" VALUES('T0SANDBOX','C0PLANNING','https://acme.example','PLAT-13','U0ADA',1.79573059207457709314e+09);
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
INSERT INTO "outbox" VALUES('receipt','Uv-CWG-aXuET','connect',0.0,'T0SANDBOX','sent',0,1,1.79573059525906348231e+09,0.0,NULL,NULL,0);
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
INSERT INTO "poll_keys" VALUES('FxaoJmARfWq9','gAAAAABrCKyjmkLbCrAoKC7Iod66tjLQOIyEpwfnvdI_yu5u8kfFyhIbFvQWj9QmoH_VPr-WBbCKhXnhqY0_-pHU_uken2-LI0oPuK_xdDUWyYYe1-VpMArnFLBeIw0UY-QmZEwjOH5xfTVPjguehGjFN8z0Siocq0MdzPXWhVqNyQCEyO0Djco=');
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
INSERT INTO "polls" VALUES('ej95Q-gL253B','T0SANDBOX','https://acme.example','plain','',NULL,NULL,NULL,NULL,NULL,NULL,'Lunch?','','[{"id":"1","title":"Pizza","order":0,"removed":false,"edited":false},{"id":"2","title":"Soup","order":1,"removed":false,"edited":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":true,"comments":false}',NULL,'U0ADA','[]',1.7957305920760874748e+09,1,NULL,NULL,NULL,NULL,1,0.0,300.0,NULL,NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,NULL,0);
INSERT INTO "polls" VALUES('FxaoJmARfWq9','T0SANDBOX','https://acme.example','issue','PLAT-13',NULL,NULL,NULL,NULL,NULL,NULL,'Leaving?','','[{"id":"1","title":"Yes","order":0,"removed":false,"edited":false},{"id":"2","title":"No","order":1,"removed":false,"edited":false}]','{"several":true,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":false,"comments":false}',NULL,'U0ADA','[]',1.79573059308705329896e+09,1,NULL,NULL,NULL,NULL,1,0.0,300.0,NULL,NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,NULL,0);
INSERT INTO "polls" VALUES('JgQJy8EsNDEL','T0SANDBOX','https://acme.example','issue','PLAT-13',NULL,NULL,NULL,NULL,NULL,NULL,'Over?','','[{"id":"1","title":"Yes","order":0,"removed":false,"edited":false},{"id":"2","title":"No","order":1,"removed":false,"edited":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":false,"comments":false}',NULL,'U0ADA','[]',1.79573059409539914133e+09,1,NULL,1.79573059512873029709e+09,NULL,NULL,1,0.0,300.0,'',NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,3,0);
INSERT INTO "polls" VALUES('1cZAK06JAeyY','T0SANDBOX','https://acme.example','issue','PLAT-13',NULL,NULL,NULL,NULL,NULL,NULL,'Lunch?','','[{"id":"1","title":"Pizza","order":0,"removed":false,"edited":false},{"id":"2","title":"Soup","order":1,"removed":false,"edited":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":true,"comments":false}',NULL,'U0ADA','[]',1.79573059515003132817e+09,1,NULL,NULL,NULL,NULL,1,0.0,300.0,NULL,NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,NULL,0);
INSERT INTO "polls" VALUES('_mwd-A-5Mi7e','T0SANDBOX','https://acme.example','issue','PLAT-12',NULL,NULL,NULL,NULL,NULL,NULL,'Lunch?','','[{"id":"1","title":"Pizza","order":0,"removed":false,"edited":false},{"id":"2","title":"Soup","order":1,"removed":false,"edited":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":1795903380.0,"closes_at_end":true,"percent_only":false,"changeable":true,"names":true,"comments":false}',NULL,'U0ADA','[]',1.79573059521011304858e+09,1,1795903380.0,NULL,NULL,NULL,1,0.0,300.0,NULL,3600.0,1795899780.0,1,NULL,NULL,NULL,0,NULL,NULL,0,NULL,0);
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
INSERT INTO "schedules" VALUES('Dj5VUPN_id8_','T0SANDBOX','https://acme.example','U0ADA','{"what":"poll","subject":"ej95Q-gL253B","channel_id":"C0PLANNING","recurrence":{"every":"daily","at":"09:00:00","zone":"Europe/Berlin","days":[],"day":1,"on":null},"view":"bars","missed":"late","until_closed":false,"most":null,"ask":null,"starts_at":null}','V41',1.7957305951833298206e+09,1795766400.0,0,0,'',0,0,0,NULL,1795766400.0,NULL,NULL);
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
INSERT INTO "steps" VALUES('FxaoJmARfWq9','slack',1,3,'{"1": 1, "2": 3}');
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
INSERT INTO "tries" VALUES('x7xoN5WjFcEl','T0SANDBOX','U0ADA','https://acme.example','PLAT-12','vote',1.79573059201154065127e+09,1.79573059201371169088e+09);
INSERT INTO "tries" VALUES('E1Eu3lFUnZ-9','T0SANDBOX','U0ADA','https://acme.example','PLAT-13','vote',1.79573059522408342366e+09,NULL);
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
COMMIT;
