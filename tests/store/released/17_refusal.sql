-- poll-key: gAAAAABrCKy3UvQ0NWg0Sug0qOtnw8KpOilIX-IvPS6cTXsbFk98wn1CFBbYRjTOJocSz3pe7w9LiWDnMaOx7VHZlqPqlzQaQQhjIQ5TJbMA2yiReiteRn8NATP4PcZaLWKcN92qPxE7
BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'pollbot','first_light','2026-11-26 22:03:32.119072+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'pollbot','polls','2026-11-26 22:03:32.132721+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'pollbot','schedules','2026-11-26 22:03:32.141741+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'pollbot','queues','2026-11-26 22:03:32.206437+00:00');
INSERT INTO "_sqlite_migrations" VALUES(5,'pollbot','outbox','2026-11-26 22:03:32.223745+00:00');
INSERT INTO "_sqlite_migrations" VALUES(6,'pollbot','parted_for_good','2026-11-26 22:03:32.227764+00:00');
INSERT INTO "_sqlite_migrations" VALUES(7,'pollbot','tries','2026-11-26 22:03:32.236169+00:00');
INSERT INTO "_sqlite_migrations" VALUES(8,'pollbot','steps','2026-11-26 22:03:32.239736+00:00');
INSERT INTO "_sqlite_migrations" VALUES(9,'pollbot','cards_by_message','2026-11-26 22:03:32.244607+00:00');
INSERT INTO "_sqlite_migrations" VALUES(10,'pollbot','edits','2026-11-26 22:03:32.248203+00:00');
INSERT INTO "_sqlite_migrations" VALUES(11,'pollbot','receipts','2026-11-26 22:03:32.254487+00:00');
INSERT INTO "_sqlite_migrations" VALUES(12,'pollbot','found','2026-11-26 22:03:32.260710+00:00');
INSERT INTO "_sqlite_migrations" VALUES(13,'pollbot','waiting_polls','2026-11-26 22:03:32.267515+00:00');
INSERT INTO "_sqlite_migrations" VALUES(14,'pollbot','issues','2026-11-26 22:03:32.274894+00:00');
INSERT INTO "_sqlite_migrations" VALUES(15,'pollbot','asked','2026-11-26 22:03:32.277448+00:00');
INSERT INTO "_sqlite_migrations" VALUES(16,'pollbot','mark','2026-11-26 22:03:32.279308+00:00');
INSERT INTO "_sqlite_migrations" VALUES(17,'pollbot','refusal','2026-11-26 22:03:32.292840+00:00');
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
INSERT INTO "accounts" VALUES('T0SANDBOX','U0ADA','https://acme.example','acc-ada','Ada of Jira','https://acme.example','gAAAAABrCKy0ZPciWUKz19yuHiGST2m08G_f-OxGKdO1i9ojeYEObPJeiQp0vVLqoufq_WlCa4snXQOhC_Xz9wivGo0IfNpvo4ycLWy6rKaDjREjeENCUDddnB0BzVkE5967u7DtAdCj',NULL,1795730612.44437);
CREATE TABLE answers (
            poll_id   TEXT NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
            voter     TEXT NOT NULL,
            option_id TEXT NOT NULL, was TEXT,
            PRIMARY KEY (poll_id, voter, option_id)
        ) STRICT, WITHOUT ROWID;
INSERT INTO "answers" VALUES('5laZNZU8Y0Xq','U0ADA','1',NULL);
INSERT INTO "answers" VALUES('5laZNZU8Y0Xq','U0BEN','2',NULL);
INSERT INTO "answers" VALUES('5laZNZU8Y0Xq','U0CLEO','2',NULL);
INSERT INTO "answers" VALUES('TDft6Ve-uMSY','94c5d58c3670cef4137d66907e4dc18296e07364cdf3b7c6d35293be63cba7e5','1',NULL);
INSERT INTO "answers" VALUES('TDft6Ve-uMSY','94c5d58c3670cef4137d66907e4dc18296e07364cdf3b7c6d35293be63cba7e5','2',NULL);
INSERT INTO "answers" VALUES('TDft6Ve-uMSY','d0fd874f1289290b44551220faa42bc3479d83d10f8e2a092dd7b1512e4d78da','2',NULL);
INSERT INTO "answers" VALUES('TDft6Ve-uMSY','eeb555d8a4e434ee6416dd1d391a44224cf212952b2d1271dad84b30096b6fba','2',NULL);
INSERT INTO "answers" VALUES('yG4c7hFLFpvc','20bccb6cc0463fe55500400d0fc73d29','2',NULL);
INSERT INTO "answers" VALUES('yG4c7hFLFpvc','5e51618cfbbe7b0e07a86689fb9733da','1',NULL);
INSERT INTO "answers" VALUES('yG4c7hFLFpvc','e845f1783d4cb062ea193cb51feb6165','2',NULL);
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
INSERT INTO "cards" VALUES('kj2yKmdIcw0k','T0SANDBOX','C0PLANNING','1795730612.514845','https://acme.example','PLAT-12','U0ADA',1,0,'{"key":"PLAT-12","summary":"Export <all> & more","status":"Open","type":"Story","votes":8,"voted":true,"voters":["Ada of Jira"],"resolution":null,"reporter_id":null}',1.79573061251069474213e+09,1,1,0,1.795730612494228363e+09,0,NULL,1.795730612494228363e+09,NULL,NULL,NULL,1.79573061351566505431e+09,NULL,NULL);
INSERT INTO "cards" VALUES('DLvQEABSn1Tp','T0SANDBOX','C0PLANNING','1795730613.539672','https://acme.example','','U0ADA',1,0,NULL,0.0,4,4,0,1.79573061252008390423e+09,0,'gAAAAABrCKy3LIVvxSVJ7ffoOZ1XCZ8CE_jgh5sHrpNLOzUak4tqKdQ6ZyoQ-MynIjdVy_Oy8gfxn5n39fZT6p0WJfL8FKAWKlyq8k3SbJK8tTVwS5kG1eWGBVgXdM8XO1FqcWiQL7fF6mwjUgddlslp_65nMh3jzw==',1.7957306157326133251e+09,'5laZNZU8Y0Xq',NULL,NULL,1.79573061563319373136e+09,NULL,NULL);
INSERT INTO "cards" VALUES('M6ZBOe7rrYlk','T0SANDBOX','C0PLANNING','1795730614.555368','https://acme.example','','U0ADA',1,0,NULL,0.0,5,5,0,1.79573061364252328873e+09,0,'gAAAAABrCKy2H9EJYn8CPtGpE6hm8bkQBtqtWUXqxpZCPZ8RDF-U7sEXIIaKUZ4JiVbWRV4tr38zm_NjXn3hbNPxAjeNoFsGxx0mhKwzVeMacj-KzF3sjtQI4nDoPKrK4cIteW1WLJV6XKH9Qxw72X2b8hVh-vxk6w==',1.79573061462068486217e+09,'TDft6Ve-uMSY',NULL,NULL,1.79573061665034413333e+09,NULL,NULL);
INSERT INTO "cards" VALUES('NAVNZkCkZyNq','T0SANDBOX','C0PLANNING','1795730615.569616','https://acme.example','','U0ADA',1,0,NULL,0.0,5,1,0,1.795730614640201807e+09,0,'gAAAAABrCKy3hpZ8jxjsSFhRlj_ZacOg--Sx63Yr3wtW7vCyJchdfp7Rkl2JflzD2NcQbrfxG2IvrNt5uch1VQxhrbZ-WgTanrPwTDpxyHyAeXRTquDytXFIlZEqJ3h7y4DzM_1c64Xuj74cenRXCGw2L2lp7gRtjg==',1.79573061563809680939e+09,'yG4c7hFLFpvc',NULL,NULL,1.79573061659934973713e+09,NULL,NULL);
INSERT INTO "cards" VALUES('NCvraZRFkDcn','T0SANDBOX','C0PLANNING',NULL,'https://acme.example','','U0ADA',0,0,NULL,0.0,1,0,0,1.79573061572654056553e+09,0,'gAAAAABrCKy3BCTPtJ-8uy_XrnJi_dlSnpBIwOWGNk5wdP63LqDXaM4leoIaTWNjnviAgaoWQFzbXFVlWHPLbzf7TOjlPG9vQdswDfsmP7Eer28r8ikL7vPd6ZZj2JuDhBaJha0M7_xhWEvBDEXJ0zk0Xx8t1PVgMQ==',1.79573061572654056553e+09,'RNlsKEsGEJZO',NULL,NULL,1.79573061757012820242e+09,NULL,NULL);
INSERT INTO "cards" VALUES('-XD1C9-DMmqx','T0SANDBOX','C0PLANNING',NULL,'https://acme.example','','U0ADA',0,0,NULL,0.0,1,0,0,1.79573061586023807528e+09,0,'gAAAAABrCKy3W3zgmE5ExgJbd5hmgRqhUbIHzwU9pQrOinRjuKtFUX6fncq8dGHmGYQxpo-PlakurgYKyZN7j_2Ns50tU8oZGhB0TzF9Z6veF8XczWyyi0TlHRknYooA8WFJCYfU0aWLxFUZReWnVSlwC_xB6OpbYQ==',1.79573061586023807528e+09,'sbxUVdxgJvyh',NULL,NULL,1.79573061857012820246e+09,NULL,NULL);
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
INSERT INTO "deliveries" VALUES('','','delivery','48c38f1c980bcef7f8bb10f3f16cec7eef60956fe79953a7925b186b915efa1e','',1.79573061243446826934e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','482655d95a179e97bbb7386045dba600ac0f98e5dcdf28e19d9db341c4b89727','',1.79573061244884085653e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example PLAT-12 ','5.T0SANDBOX.0bb58b521161e135a1e24b11ea24e353','card',1.795730612494228363e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','e8d574c7fd0e961e99a80b3d14b65e97186cbf4ced3b1ec0ec10c2920e93bcbd','',1.79573061249371647828e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','afea36188f5ad00d6ada5017cad2d26213a72f40e25365f6cd252d3441759cff','',1.79573061251628637315e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','10.T0SANDBOX.40255d86155a6357cf2d1bf243530e10 here "Lunch?" "Pizza" "Soup"','5laZNZU8Y0Xq',1.79573061252008390423e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','a02d4d3c38d44e8e9f83389de4b4b25f3e0a469502acc0eb2a2cc7f55199b592','',1.79573061251937270165e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','poll 5laZNZU8Y0Xq','1795730613.578563','answer',1.79573061358640384673e+09,1);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0BEN','poll 5laZNZU8Y0Xq','1795730613.595114','answer',1.79573061359625029556e+09,1);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0CLEO','poll 5laZNZU8Y0Xq','1795730613.600876','answer',1795730613.60195,1);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','17.T0SANDBOX.2c162e2293b9c9a9d762e6efe32e8477 anonymous multi "Leaving?" "Yes" "No"','TDft6Ve-uMSY',1.79573061364252328873e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','4abbbd268ab1fa38fc32565d1eabca4b59bf7aa02d6f99b69b71ca842c5480ca','',1.79573061360574197766e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','94c5d58c3670cef4137d66907e4dc18296e07364cdf3b7c6d35293be63cba7e5','poll TDft6Ve-uMSY','1795730614.573992','switch',1.79573061457510375982e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','eeb555d8a4e434ee6416dd1d391a44224cf212952b2d1271dad84b30096b6fba','poll TDft6Ve-uMSY','1795730614.583412','switch',1.79573061458459663393e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','d0fd874f1289290b44551220faa42bc3479d83d10f8e2a092dd7b1512e4d78da','poll TDft6Ve-uMSY','1795730614.592040','switch',1.79573061459298157684e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','94c5d58c3670cef4137d66907e4dc18296e07364cdf3b7c6d35293be63cba7e5','poll TDft6Ve-uMSY','1795730614.619860','switch',1.7957306146208570003e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','27.T0SANDBOX.095cf4a1ffa5f9958d53cb3055a0b1ea anonymous "Over?" "Yes" "No"','yG4c7hFLFpvc',1.795730614640201807e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','90d7fdb447a58e4464a2f5433ed27a689879faf4ae0dabfe23768974c7c6692e','',1.79573061463179922108e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','5d0d7fda1fd8a5cd9ec2d592f91f4c776e520b6546a9ed4ef82d4aed5ad70658','',1.79573061566766357423e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','39.T0SANDBOX.5cc49b9dacea22bf8247abfb3d115a41 "Lunch?" "Pizza" "Soup"','RNlsKEsGEJZO',1.79573061572654056553e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','3d7f79d463b7143d02af612b98924e502d5d25a4f314a3cc645ef066684f22ff','',1.79573061571237802503e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','fa7eacbd8f8fedb5b6866c70bb89f3ed005bc8015d1726fc7639e928ba82eb6b','',1.79573061577572345732e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','V45','sbxUVdxgJvyh',1.79573061586023807528e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','8205f541e042943f8483496344a2b9eb70ee87be9c7f63bac2b63f04748a65d9','',1.79573061579947423939e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','61e06fb0bd08af797f44d8f214e9eefdc54304dc8b2f40b693c16e776263bd5c','',1.79573061586433744434e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','cd5f511854e02451695c55e3b3aaf5a4584c100182639a82c12e4a7e9326f700','',1.79573061587136077882e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','0ff5aa83e4887aafc74bbb3d27fd1fe419a1ab4cad1a3ed43683bbdb182f8a87','',1.79573061588214468961e+09,0);
CREATE TABLE endings (
            poll_id   TEXT NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
            team_id   TEXT NOT NULL,
            closed_at REAL NOT NULL,
            attempts  INTEGER NOT NULL DEFAULT 0, due_at REAL DEFAULT 0, held_until REAL, holder TEXT,
            PRIMARY KEY (poll_id, closed_at)
        ) STRICT;
INSERT INTO "endings" VALUES('yG4c7hFLFpvc','T0SANDBOX',1.79573061566888475416e+09,0,1.79573061657012820243e+09,NULL,NULL);
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
INSERT INTO "intents" VALUES('ZeINmLJsCYrn','T0SANDBOX','U0ADA','https://acme.example','PLAT-13','vote','queued',1,1795730615.86465,1,NULL,'C0PLANNING','gAAAAABrCKy3-ts6V8QnCvmUU22WV0AAK8r8g76uRen3KnXwYyRRfX3nV9bKl0sEP03QRX8z7GpcUyPijD_IqSquyr2dg7Oxovo34unP3m8pbwK81Pp7NE_018MLlzCOF01B6BOlwQDoeki-Su30nulBQHRjo34o0w==',0,1.7957306182296302318e+09,NULL,NULL,'PLAT-13');
INSERT INTO "intents" VALUES('lGOv7iSAJo_v','T0SANDBOX','U0BEN','https://acme.example','PLAT-12','vote','unconnected',0,1.795730615871588707e+09,1,NULL,'C0PLANNING','gAAAAABrCKy3UVhmV1w_nL08XwFxJx3YT1I3Ki8B_gU_J-nLDvH-JwGnn_2j5UwK6wp17MIHtdkDWSJc_8N6J2hNNNx2MAjgOPD-YVFeSMrZ0QEpxspNm77royBsbVaX6taY3vI0KI0SG-APHwpd0Necdmh3TE__7g==',0,1.79573061697489261626e+09,NULL,NULL,'PLAT-12');
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
INSERT INTO "links" VALUES('T0SANDBOX','C0PLANNING','https://acme.example','PLAT-13','U0ADA',1.79573061251832318311e+09);
CREATE TABLE mark (id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1), name TEXT NOT NULL, count INTEGER NOT NULL) STRICT;
INSERT INTO "mark" VALUES(1,'9e3cb3bd5052096f',78);
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
INSERT INTO "outbox" VALUES('receipt','lGOv7iSAJo_v','connect',0.0,'T0SANDBOX','sent',0,1,1.79573061593846940988e+09,0.0,NULL,NULL,0,'');
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
INSERT INTO "poll_keys" VALUES('TDft6Ve-uMSY','gAAAAABrCKy3mNVY37qUiS8_JOPTdmrhX8FatwDAtWRqQ9PngsTj4YUxYijmSK3l9pm9r9nTQYBJvVwggw6nxOcsOjuaKseRN40WFw1K_FENwzJP5Mh3DVQS8uKviiD3XJRhJOzQOdPf02QdWrHckoCqt2UWq1W6nE0femTGdfW8vjCCdpGlcrA=');
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
        , closed_by TEXT, remind_before REAL, remind_due_at REAL, record INTEGER NOT NULL DEFAULT 0, read_due_at REAL, read_held_until REAL, read_holder TEXT, read_attempts INTEGER NOT NULL DEFAULT 0, remind_held_until REAL, remind_holder TEXT, remind_attempts INTEGER NOT NULL DEFAULT 0, people INTEGER, found INTEGER NOT NULL DEFAULT 0, asked TEXT NOT NULL DEFAULT '') STRICT;
INSERT INTO "polls" VALUES('5laZNZU8Y0Xq','T0SANDBOX','https://acme.example','plain','',NULL,NULL,NULL,NULL,NULL,NULL,'Lunch?','','[{"id":"1","title":"Pizza","order":0,"removed":false,"edited":false},{"id":"2","title":"Soup","order":1,"removed":false,"edited":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":true,"comments":false}',NULL,'U0ADA','[]',1.79573061252008390423e+09,1,NULL,NULL,NULL,NULL,1,0.0,300.0,NULL,NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,NULL,0,'');
INSERT INTO "polls" VALUES('TDft6Ve-uMSY','T0SANDBOX','https://acme.example','issue','PLAT-13',NULL,NULL,NULL,NULL,NULL,NULL,'Leaving?','','[{"id":"1","title":"Yes","order":0,"removed":false,"edited":false},{"id":"2","title":"No","order":1,"removed":false,"edited":false}]','{"several":true,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":false,"comments":false}',NULL,'U0ADA','[]',1.79573061364252328873e+09,1,NULL,NULL,NULL,NULL,1,0.0,300.0,NULL,NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,NULL,0,'');
INSERT INTO "polls" VALUES('yG4c7hFLFpvc','T0SANDBOX','https://acme.example','issue','PLAT-13',NULL,NULL,NULL,NULL,NULL,NULL,'Over?','','[{"id":"1","title":"Yes","order":0,"removed":false,"edited":false},{"id":"2","title":"No","order":1,"removed":false,"edited":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":false,"comments":false}',NULL,'U0ADA','[]',1.795730614640201807e+09,1,NULL,1.79573061566888475416e+09,NULL,NULL,1,0.0,300.0,'',NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,3,0,'');
INSERT INTO "polls" VALUES('RNlsKEsGEJZO','T0SANDBOX','https://acme.example','issue','PLAT-13',NULL,NULL,NULL,NULL,NULL,NULL,'Lunch?','','[{"id":"1","title":"Pizza","order":0,"removed":false,"edited":false},{"id":"2","title":"Soup","order":1,"removed":false,"edited":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":true,"comments":false}',NULL,'U0ADA','[]',1.79573061572654056553e+09,1,NULL,NULL,NULL,NULL,1,0.0,300.0,NULL,NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,NULL,0,'');
INSERT INTO "polls" VALUES('sbxUVdxgJvyh','T0SANDBOX','https://acme.example','issue','PLAT-12',NULL,NULL,NULL,NULL,NULL,NULL,'Lunch?','','[{"id":"1","title":"Pizza","order":0,"removed":false,"edited":false},{"id":"2","title":"Soup","order":1,"removed":false,"edited":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":1795903380.0,"closes_at_end":true,"percent_only":false,"changeable":true,"names":true,"comments":false}',NULL,'U0ADA','[]',1.79573061586023807528e+09,1,1795903380.0,NULL,NULL,NULL,1,0.0,300.0,NULL,3600.0,1795899780.0,1,NULL,NULL,NULL,0,NULL,NULL,0,NULL,0,'');
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
INSERT INTO "schedules" VALUES('uK-h7NwoQdK9','T0SANDBOX','https://acme.example','U0ADA','{"what":"poll","subject":"5laZNZU8Y0Xq","channel_id":"C0PLANNING","recurrence":{"every":"daily","at":"09:00:00","zone":"Europe/Berlin","days":[],"day":1,"on":null},"view":"bars","missed":"late","until_closed":false,"most":null,"ask":null,"starts_at":null}','V41',1.79573061577674293522e+09,1795766400.0,0,0,'',0,0,0,NULL,1795766400.0,NULL,NULL);
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
INSERT INTO "steps" VALUES('TDft6Ve-uMSY','slack',1,3,'{"1": 1, "2": 3}');
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
INSERT INTO "tries" VALUES('kUxBvyUPfyti','T0SANDBOX','U0ADA','https://acme.example','PLAT-12','vote',1.79573061247367811205e+09,1.79573061247552251819e+09);
INSERT INTO "tries" VALUES('wIzGAHNJO8ob','T0SANDBOX','U0ADA','https://acme.example','PLAT-13','vote',1.79573061588173437125e+09,NULL);
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
INSERT INTO "waiting_polls" VALUES('neK975trHhB_','T0SANDBOX','U0ADA','https://acme.example','issue','PLAT-12','{"draft":{"title":"Later?","options":["Pizza","Soup"],"description":"","settings":{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":true,"comments":false},"template":null,"remind_before":null,"record":false},"kind":"issue","subject":"PLAT-12","local":false,"lasts":null}','49.T0SANDBOX.18188aa7d91343cd66b1234484c59d0b PLAT-12 "Later?" "Pizza" "Soup"','C0PLANNING','gAAAAABrCKy3NsTpaSCiXi_CdPjd5koizRnwiC6D2MJQwXSWLIkf58mDvSIp8O50pWN_BYAX98QLthpinohY53lkEIqJlMQm8C--DsnwY-7w-0B7I10d2XCthCM5a8AXl2TezxUlBkKmrMIA8tCI-rcFgrP0XlSACQ==','queued',1.79573061588517427443e+09,NULL,NULL,1.79573061788517427447e+09,NULL,NULL,0);
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
CREATE INDEX issues_by_id ON issues (site, issue_id);
COMMIT;
