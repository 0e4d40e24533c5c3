BEGIN TRANSACTION;
CREATE TABLE events (
	seq INTEGER NOT NULL, 
	at TEXT NOT NULL, 
	actor TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	payload TEXT NOT NULL, 
	previous TEXT NOT NULL, 
	hash TEXT NOT NULL, 
	PRIMARY KEY (seq), 
	UNIQUE (hash)
);
INSERT INTO "events" VALUES(1,'2020-09-01T09:00:00+08:00','测试','RoundOpened','{"round": "每种事件"}','','081f30b2bd30c28574d6c5bad6b5d99bf548c0efa099955ce055ba021b06effc');
INSERT INTO "events" VALUES(2,'2020-09-01T09:01:00+08:00','测试1','MailReceived','{"number": 1, "path": "path值2", "sha256": "sha256值3"}','081f30b2bd30c28574d6c5bad6b5d99bf548c0efa099955ce055ba021b06effc','47727b1eafcf8f7f50878796d3c49e72418d1c4180116162100fedb7ce27c3d1');
INSERT INTO "events" VALUES(3,'2020-09-01T09:02:00+08:00','测试2','RulesFrozen','{"digest": "digest值4", "files": {"files值6": "files值7", "files值8": "files值9"}, "texts": {"texts值11": "texts值12", "texts值13": "texts值14"}}','47727b1eafcf8f7f50878796d3c49e72418d1c4180116162100fedb7ce27c3d1','9c98e48b1013a1f09039ff6f135421031ce7c0756b0a8746e0794fd742217cc4');
INSERT INTO "events" VALUES(4,'2020-09-01T09:03:00+08:00','测试3','FrameFrozen','{"digest": "digest值18", "public_value": "public_value值19", "units": ["units值16", "units值17"]}','9c98e48b1013a1f09039ff6f135421031ce7c0756b0a8746e0794fd742217cc4','f18924ec47b5f7c146979794938b69d362770045c6c625126ea131a62429148a');
INSERT INTO "events" VALUES(5,'2020-09-01T09:04:00+08:00','测试4','SpotCheckDrawn','{"seed": "seed值23", "units": ["units值21", "units值22"]}','f18924ec47b5f7c146979794938b69d362770045c6c625126ea131a62429148a','8006355425be97ef4066ec030d36f508dcc4ae363d754070f49443f42edb5ff1');
INSERT INTO "events" VALUES(6,'2020-09-01T09:05:00+08:00','测试5','ReadingsAssigned','{"afresh": true, "anchors": ["anchors值36", "anchors值37"], "digest": "digest值34", "misplaced": {"misplaced值42": 43.5, "misplaced值44": 45.5}, "readings": {"readings值25": ["readings值27", "readings值28"], "readings值29": ["readings值31", "readings值32"]}, "reason": "reason值40", "round": 38, "seed": 33}','8006355425be97ef4066ec030d36f508dcc4ae363d754070f49443f42edb5ff1','2cdbe5c73447ce8f5d79976c873f1beaa44c6c3bbd899423dd5b6dd5acb3ad5f');
INSERT INTO "events" VALUES(7,'2020-09-01T09:06:00+08:00','测试6','ConflictsDeclared','{"found": ["found值48", "found值49"], "member": "member值46", "statement": "statement值50"}','2cdbe5c73447ce8f5d79976c873f1beaa44c6c3bbd899423dd5b6dd5acb3ad5f','7b75006caa098c7d209c1d33316af48583f31b49a09c0743dadf253dfb7f8ae8');
INSERT INTO "events" VALUES(8,'2020-09-01T09:07:00+08:00','测试7','ConflictRuled','{"about": "about值60", "bars": true, "by": ["by值57", "by值58"], "case": "case值52", "declared": 61, "kind": "kind值59", "member": "member值51", "reason": "reason值55"}','7b75006caa098c7d209c1d33316af48583f31b49a09c0743dadf253dfb7f8ae8','5d86448366b6080426d5dffd428e5cd2faa7229ed66c2804aaf9114cb338f6da');
INSERT INTO "events" VALUES(9,'2020-09-01T09:08:00+08:00','测试8','Recused','{"case": "case值63", "kind": "kind值65", "member": "member值62", "reason": "reason值64"}','5d86448366b6080426d5dffd428e5cd2faa7229ed66c2804aaf9114cb338f6da','3f3a6f362419b3700c0e6349633c39a5abbe551595972b8fc8805d2458bbaea0');
INSERT INTO "events" VALUES(10,'2020-09-01T09:09:00+08:00','测试9','MarkGiven','{"case": "case值67", "comment": "comment值73", "edit": "edit值74", "member": "member值66", "restores": 76, "round": 77, "scores": {"scores值69": 70.5, "scores值71": 72.5}}','3f3a6f362419b3700c0e6349633c39a5abbe551595972b8fc8805d2458bbaea0','5cff43a3607652ef9a6d6588f2e91ec5788883865300064992dabf1c4a0a230a');
INSERT INTO "events" VALUES(11,'2020-09-01T09:10:00+08:00','测试10','CaseParked','{"case": "case值79", "member": "member值78", "parked": true}','5cff43a3607652ef9a6d6588f2e91ec5788883865300064992dabf1c4a0a230a','81fed4bc769480867bf5a9cc787272c6ee22cd2b0af554ecb71f0384d7ed0321');
INSERT INTO "events" VALUES(12,'2020-09-01T09:11:00+08:00','测试11','PacketSealed','{"digest": "digest值83", "member": "member值81", "packet": "packet值82"}','81fed4bc769480867bf5a9cc787272c6ee22cd2b0af554ecb71f0384d7ed0321','82564fb5c07783f51d4382a243b22efb2cbd985189f53b55f1139de94cdd3773');
INSERT INTO "events" VALUES(13,'2020-09-01T09:12:00+08:00','测试12','PacketReopened','{"member": "member值84", "packet": "packet值85", "reason": "reason值86"}','82564fb5c07783f51d4382a243b22efb2cbd985189f53b55f1139de94cdd3773','2e4e5df4b0d3753df4c8ff8e59cf5952d690942386e8c175f3b1dd7a8fd51404');
INSERT INTO "events" VALUES(14,'2020-09-01T09:13:00+08:00','测试13','SheetSigned','{"by": ["by值91", "by值92"], "digest": "digest值89", "member": "member值87", "packet": "packet值88"}','2e4e5df4b0d3753df4c8ff8e59cf5952d690942386e8c175f3b1dd7a8fd51404','42763fa44dac231b343d18fdea7861f0d224aaf38498a8c32957fd19b967b0ed');
INSERT INTO "events" VALUES(15,'2020-09-01T09:14:00+08:00','测试14','IdentitiesRevealed','{"by": ["by值95", "by值96"], "reason": "reason值93"}','42763fa44dac231b343d18fdea7861f0d224aaf38498a8c32957fd19b967b0ed','11c67ddf7e023eba75f3eae32746a79a22a967a637db3396089b666a01cb26de');
INSERT INTO "events" VALUES(16,'2020-09-01T09:15:00+08:00','测试15','SummaryAssessed','{"comment": "comment值99", "edit": "edit值106", "heads": {"heads值102": true, "heads值104": true}, "level": "level值98", "reader": "reader值100", "unit": "unit值97"}','11c67ddf7e023eba75f3eae32746a79a22a967a637db3396089b666a01cb26de','9a7cbdc54c2051a285f064d81a5165a8097033b03860c2a154e5e31d94f39ed1');
INSERT INTO "events" VALUES(17,'2020-09-01T09:16:00+08:00','测试16','MarksClosed','{"by": ["by值109", "by值110"], "reason": "reason值107"}','9a7cbdc54c2051a285f064d81a5165a8097033b03860c2a154e5e31d94f39ed1','08136920327b1b0093c3f2939329646900aa1103f0385e6eaad23edb6aa701f7');
INSERT INTO "events" VALUES(18,'2020-09-01T09:17:00+08:00','测试17','NomineesChosen','{"cases": ["cases值113", "cases值114"], "document": "document值115", "kind": "kind值116", "receipt": 118, "unit": "unit值111"}','08136920327b1b0093c3f2939329646900aa1103f0385e6eaad23edb6aa701f7','ad232dfa755d31b67116c7210b28189325972b9029c6508d652d3d8bc7161d59');
INSERT INTO "events" VALUES(19,'2020-09-01T09:18:00+08:00','测试18','NominationWithdrawn','{"case": "case值119", "reason": "reason值120", "receipt": 122}','ad232dfa755d31b67116c7210b28189325972b9029c6508d652d3d8bc7161d59','f0dc0db6536adb980d7aba095dfda108d9863972dc1ca5182618c01a271a39e1');
INSERT INTO "events" VALUES(20,'2020-09-01T09:19:00+08:00','测试19','NominationRestored','{"case": "case值123", "reason": "reason值124"}','f0dc0db6536adb980d7aba095dfda108d9863972dc1ca5182618c01a271a39e1','b4be6925f1220253a9adb34b414ab798fbb3ad867b2e426847644d166ea2e4e0');
INSERT INTO "events" VALUES(21,'2020-09-01T09:20:00+08:00','测试20','ArrivalRecorded','{"at": "at值126", "reason": "reason值127", "receipt": 125}','b4be6925f1220253a9adb34b414ab798fbb3ad867b2e426847644d166ea2e4e0','063eff9685f5fdff04fb17b36a7c154fa644c4ac68e65767621afab82d84f558');
INSERT INTO "events" VALUES(22,'2020-09-01T09:21:00+08:00','测试21','FindingSettled','{"case": "case值128", "code": "code值129", "mark": "mark值131", "reason": "reason值130"}','063eff9685f5fdff04fb17b36a7c154fa644c4ac68e65767621afab82d84f558','6be108403ffb937f7a2a60cb71381f1950b0409f83051570b12d3f831a2bd576');
INSERT INTO "events" VALUES(23,'2020-09-01T09:22:00+08:00','测试22','FindingReviewed','{"code": "code值133", "field": "field值134", "mark": "mark值135", "outcome": "outcome值136", "reason": "reason值137", "subject": "subject值132"}','6be108403ffb937f7a2a60cb71381f1950b0409f83051570b12d3f831a2bd576','284d77a12fb0f75ec0a39fccb291a076ea7b35f4d20c3df19d5dae1748c2a7c2');
INSERT INTO "events" VALUES(24,'2020-09-01T09:23:00+08:00','测试23','FindingReopened','{"case": "case值143", "code": "code值139", "field": "field值140", "mark": "mark值141", "reason": "reason值142", "subject": "subject值138"}','284d77a12fb0f75ec0a39fccb291a076ea7b35f4d20c3df19d5dae1748c2a7c2','2d6e90b21707bb6c05e5a4710686abb7f10a41eb0c41606349d4c052b34e7a8f');
INSERT INTO "events" VALUES(25,'2020-09-01T09:24:00+08:00','测试24','FieldCorrected','{"channel": "channel值150", "code": "code值149", "field": "field值145", "new": "任意值147", "old": "任意值146", "reason": "reason值148", "record": "record值144"}','2d6e90b21707bb6c05e5a4710686abb7f10a41eb0c41606349d4c052b34e7a8f','d6f5c9976aa8a27cc9929d8a68e395a1014140c055343fc412a71165bfb0bbe1');
INSERT INTO "events" VALUES(26,'2020-09-01T09:25:00+08:00','测试25','UnitAssigned','{"reason": "reason值153", "receipt": 151, "record": "record值154", "unit": "unit值152"}','d6f5c9976aa8a27cc9929d8a68e395a1014140c055343fc412a71165bfb0bbe1','e7d8d00edaa6a598228a2f0d7d22eb045fa2f20a66c861f119a783e4df724ad9');
INSERT INTO "events" VALUES(27,'2020-09-01T09:26:00+08:00','测试26','MaterialSorted','{"kind": "kind值156", "reason": "reason值157", "record": "record值155"}','e7d8d00edaa6a598228a2f0d7d22eb045fa2f20a66c861f119a783e4df724ad9','2c2dd1a4f74c69472cf47281a551dc20d31885b8bc65b39a38257c8ccd4d080c');
INSERT INTO "events" VALUES(28,'2020-09-01T09:27:00+08:00','测试27','FormTyped','{"kind": "kind值159", "path": "path值161", "reason": "reason值162", "receipt": 160, "record": "record值158"}','2c2dd1a4f74c69472cf47281a551dc20d31885b8bc65b39a38257c8ccd4d080c','9a073baef3961286225cdb96d2599161a00b702ff1f29ccae70da10922036309');
INSERT INTO "events" VALUES(29,'2020-09-01T09:28:00+08:00','测试28','FormWithdrawn','{"reason": "reason值164", "record": "record值163"}','9a073baef3961286225cdb96d2599161a00b702ff1f29ccae70da10922036309','74376a6a5ee34dbc4ef6214f1db444d8cbfab167fff783b9a5a7cc04e575d739');
INSERT INTO "events" VALUES(30,'2020-09-01T09:29:00+08:00','测试29','CaseVetoed','{"by": ["by值169", "by值170"], "case": "case值165", "clause": "clause值166", "document": "document值167"}','74376a6a5ee34dbc4ef6214f1db444d8cbfab167fff783b9a5a7cc04e575d739','4b81a005b5f8a1c8f2594b2e13c1d0edf08bfe16db3f538582d1e7e63ba9b311');
INSERT INTO "events" VALUES(31,'2020-09-01T09:30:00+08:00','测试30','PlaceAdded','{"by": ["by值175", "by值176"], "case": "case值171", "reason": "reason值173", "resolution": "resolution值172"}','4b81a005b5f8a1c8f2594b2e13c1d0edf08bfe16db3f538582d1e7e63ba9b311','8600dd7c1ad7a3a5da141c2b6cf543c8857379cfcb9e53a3deaecee9c491f53d');
INSERT INTO "events" VALUES(32,'2020-09-01T09:31:00+08:00','测试31','PlaceLeftEmpty','{"by": ["by值182", "by值183"], "nominees": "nominees值177", "places": 178, "reason": "reason值180", "resolution": "resolution值179"}','8600dd7c1ad7a3a5da141c2b6cf543c8857379cfcb9e53a3deaecee9c491f53d','65a4935649392a431e744f63c11177bb7645c72512ccbfab739181e6c5d81d19');
INSERT INTO "events" VALUES(33,'2020-09-01T09:32:00+08:00','测试32','BallotOpened','{"ballot": 184, "cases": ["cases值188", "cases值189"], "due": ["due值193", "due值194"], "issued": 207, "most": 191, "nominees": "nominees值185", "places": 190, "present": ["present值196", "present值197"], "purpose": "purpose值186", "recused": {"recused值199": ["recused值201", "recused值202"], "recused值203": ["recused值205", "recused值206"]}}','65a4935649392a431e744f63c11177bb7645c72512ccbfab739181e6c5d81d19','b7b66a88d50f7ae4408ad57dea3abaaba81c3dbfd32cfb0d35c7832e67781092');
INSERT INTO "events" VALUES(34,'2020-09-01T09:33:00+08:00','测试33','BallotCounted','{"ballot": 208, "returned": 210, "spoiled": 211, "teller": "teller值209", "votes": {"votes值213": [215, 216, 217], "votes值218": [220, 221, 222]}}','b7b66a88d50f7ae4408ad57dea3abaaba81c3dbfd32cfb0d35c7832e67781092','23e8cf421feb089dab2e6b2e55fa9bb91e63e0009937220c7e3dfbcba350441b');
INSERT INTO "events" VALUES(35,'2020-09-01T09:34:00+08:00','测试34','BallotVoided','{"ballot": 223, "by": ["by值226", "by值227"], "reason": "reason值224"}','23e8cf421feb089dab2e6b2e55fa9bb91e63e0009937220c7e3dfbcba350441b','5014a9f6fdf091a716abb19cc14a820a0d181eaa58a81e2a711c3075cc420eb6');
INSERT INTO "events" VALUES(36,'2020-09-01T09:35:00+08:00','测试35','LevelConfirmed','{"by": ["by值232", "by值233"], "case": "case值228", "document": "document值230", "level": "level值229"}','5014a9f6fdf091a716abb19cc14a820a0d181eaa58a81e2a711c3075cc420eb6','44da7a6befd0ed356d03c98a56187e34edbc31336445ba8514d3532386f30a8e');
INSERT INTO "events" VALUES(37,'2020-09-01T09:36:00+08:00','测试36','MethodsCompared','{"digest": "digest值234"}','44da7a6befd0ed356d03c98a56187e34edbc31336445ba8514d3532386f30a8e','d3f3d009014973a322f76d2ee7f276e62113c310d01e276ce1f3d35feb51fd25');
INSERT INTO "events" VALUES(38,'2020-09-01T09:37:00+08:00','测试37','ShortlistComputed','{"digest": "digest值235", "individual": ["individual值240", "individual值241"], "steps": {"steps值243": "steps值244", "steps值245": "steps值246"}, "team": ["team值237", "team值238"]}','d3f3d009014973a322f76d2ee7f276e62113c310d01e276ce1f3d35feb51fd25','39d64f9ebb0ecd44d824c66f16eed93edf1986d7c2e1e63d18ad9defbbcfee42');
INSERT INTO "events" VALUES(39,'2020-09-01T09:38:00+08:00','测试38','MemberWithdrawn','{"approval": "approval值259", "by": ["by值251", "by值252"], "document": "document值249", "member": "member值247", "reason": "reason值248", "set_aside": true, "substitute": {"substitute值255": "任意值256", "substitute值257": "任意值258"}}','39d64f9ebb0ecd44d824c66f16eed93edf1986d7c2e1e63d18ad9defbbcfee42','b322d2a471c8d285d3d1a58d4fb2bc6ceb7fca53db820afe88bb4f630c0372b4');
INSERT INTO "events" VALUES(40,'2020-09-01T09:39:00+08:00','测试39','MemberReinstated','{"by": ["by值264", "by值265"], "document": "document值262", "member": "member值260", "reason": "reason值261"}','b322d2a471c8d285d3d1a58d4fb2bc6ceb7fca53db820afe88bb4f630c0372b4','893e2b831af49f551ade8d15742b944f9e639fad608f4b1ba53213db190024ae');
INSERT INTO "events" VALUES(41,'2020-09-01T09:40:00+08:00','测试40','TieWithdrawn','{"declared": 267, "member": "member值266", "reason": "reason值268"}','893e2b831af49f551ade8d15742b944f9e639fad608f4b1ba53213db190024ae','1aece622bc149db0d1c29ccf68a11d3369d917eceb8c296c21d13013fdcb78e9');
INSERT INTO "events" VALUES(42,'2020-09-01T09:41:00+08:00','测试41','OfficeConflictWaived','{"by": ["by值273", "by值274"], "case": "case值270", "reason": "reason值271", "user": "user值269", "waived": true}','1aece622bc149db0d1c29ccf68a11d3369d917eceb8c296c21d13013fdcb78e9','aa9b35628c281295342b713ba94656099d7825bad8bd0476e99a728f0644b353');
INSERT INTO "events" VALUES(43,'2020-09-01T09:42:00+08:00','测试42','PaperReceived','{"at": "at值278", "channel": "channel值279", "number": 276, "reason": "reason值280", "unit": "unit值277"}','aa9b35628c281295342b713ba94656099d7825bad8bd0476e99a728f0644b353','68ba1f7922df915aa8b187121b122f7822b7e2302b0384b5b13d214c8f4b2422');
INSERT INTO "events" VALUES(44,'2020-09-01T09:43:00+08:00','测试43','RulesAmended','{"by": ["by值306", "by值307"], "changes": [["changes值294", "changes值295", "changes值296", "changes值297"], ["changes值299", "changes值300", "changes值301", "changes值302"]], "digest": "digest值281", "files": {"files值283": "files值284", "files值285": "files值286"}, "reason": "reason值304", "resolution": "resolution值303", "texts": {"texts值288": "texts值289", "texts值290": "texts值291"}}','68ba1f7922df915aa8b187121b122f7822b7e2302b0384b5b13d214c8f4b2422','6f0731cd5f1dc5a38c8b49de81ab2c2ca7264addd53ed4e8ee43dfbc4605e28b');
INSERT INTO "events" VALUES(45,'2020-09-01T09:44:00+08:00','测试44','IntakeRead','{"digest": "digest值308", "made_with": {"made_with值310": "made_with值311", "made_with值312": "made_with值313"}}','6f0731cd5f1dc5a38c8b49de81ab2c2ca7264addd53ed4e8ee43dfbc4605e28b','0a06c8eb1354c7f6d3e8c15a3a9e1ffa5ed3976363bb3ff6ff0196116cb822e3');
INSERT INTO "events" VALUES(46,'2020-09-01T09:45:00+08:00','测试45','PapersMade','{"command": "command值314", "made_with": {"made_with值321": "made_with值322", "made_with值323": "made_with值324"}, "papers": {"papers值316": "papers值317", "papers值318": "papers值319"}, "state": 325, "withdrawn": ["withdrawn值327", "withdrawn值328"]}','0a06c8eb1354c7f6d3e8c15a3a9e1ffa5ed3976363bb3ff6ff0196116cb822e3','3e32cd884f229f9017709dbecc23a092c599df11aa531ba6367ba7f504533485');
INSERT INTO "events" VALUES(47,'2020-09-01T09:46:00+08:00','测试46','EarlierLedgerAccepted','{"by": ["by值334", "by值335"], "heads": ["heads值330", "heads值331"], "reason": "reason值332"}','3e32cd884f229f9017709dbecc23a092c599df11aa531ba6367ba7f504533485','ba0eefd719181ea3df5ca9394dfbdab2e3a721f340de9d3e02a8f3f5f48ee019');
INSERT INTO "events" VALUES(48,'2020-09-01T09:47:00+08:00','测试47','PapersDated','{"day": "day值336"}','ba0eefd719181ea3df5ca9394dfbdab2e3a721f340de9d3e02a8f3f5f48ee019','7284a1d43b0fc090057765c02a7fced43e5d925069d5f5c4bfff4dc0202db1cf');
INSERT INTO "events" VALUES(49,'2020-09-01T09:48:00+08:00','测试48','LetterIssued','{"day": "day值340", "findings": [["findings值345", "findings值346", "findings值347", "findings值348", "findings值349"], ["findings值351", "findings值352", "findings值353", "findings值354", "findings值355"]], "number": 337, "owed": ["owed值357", "owed值358"], "path": "path值341", "receipts": [360, 361], "sha256": "sha256值342", "title": "title值339", "unit": "unit值338", "until": "until值362"}','7284a1d43b0fc090057765c02a7fced43e5d925069d5f5c4bfff4dc0202db1cf','8ca4606e11401350ccd47293a580277d8923cfe4c89c15793e03480e3b82b51b');
INSERT INTO "events" VALUES(50,'2020-09-01T09:49:00+08:00','测试49','CorrectionExtended','{"first": true, "reason": "reason值365", "unit": "unit值363", "until": "until值364"}','8ca4606e11401350ccd47293a580277d8923cfe4c89c15793e03480e3b82b51b','25f79ea9e59f8e735484d7eea18e2fc19a1485e5c7237797af956624c22ee28d');
INSERT INTO "events" VALUES(51,'2020-09-01T09:50:00+08:00','测试50','LateMarksRuled','{"admitted": true, "by": ["by值371", "by值372"], "document": "document值369", "reason": "reason值368"}','25f79ea9e59f8e735484d7eea18e2fc19a1485e5c7237797af956624c22ee28d','8c19b1fffee75320af2c7379c2f34a427f431f14b09320d23cc5c2b79f358e82');
INSERT INTO "events" VALUES(52,'2020-09-01T09:51:00+08:00','测试51','GateWaived','{"by": ["by值380", "by值381"], "document": "document值378", "gate": "gate值373", "open": ["open值375", "open值376"], "reason": "reason值377"}','8c19b1fffee75320af2c7379c2f34a427f431f14b09320d23cc5c2b79f358e82','aa2fc9b8fdf41d60f08d165685327ccc65e928459d06a1471929fa81268c7b46');
INSERT INTO "events" VALUES(53,'2020-09-01T09:52:00+08:00','测试52','DecisionRevoked','{"by": ["by值387", "by值388"], "decided": "decided值383", "decision": 382, "document": "document值385", "member": "member值390", "reason": "reason值384"}','aa2fc9b8fdf41d60f08d165685327ccc65e928459d06a1471929fa81268c7b46','120fe302dc57d2f3c6e1c0c9a43b4e22d969747e4d16877c0261c0e6801d5ced');
CREATE TABLE requests (
	request TEXT NOT NULL, 
	first_seq INTEGER NOT NULL, 
	last_seq INTEGER NOT NULL, 
	PRIMARY KEY (request)
)
 WITHOUT ROWID

;
INSERT INTO "requests" VALUES('r1',2,2);
INSERT INTO "requests" VALUES('r10',11,11);
INSERT INTO "requests" VALUES('r11',12,12);
INSERT INTO "requests" VALUES('r12',13,13);
INSERT INTO "requests" VALUES('r13',14,14);
INSERT INTO "requests" VALUES('r14',15,15);
INSERT INTO "requests" VALUES('r15',16,16);
INSERT INTO "requests" VALUES('r16',17,17);
INSERT INTO "requests" VALUES('r17',18,18);
INSERT INTO "requests" VALUES('r18',19,19);
INSERT INTO "requests" VALUES('r19',20,20);
INSERT INTO "requests" VALUES('r2',3,3);
INSERT INTO "requests" VALUES('r20',21,21);
INSERT INTO "requests" VALUES('r21',22,22);
INSERT INTO "requests" VALUES('r22',23,23);
INSERT INTO "requests" VALUES('r23',24,24);
INSERT INTO "requests" VALUES('r24',25,25);
INSERT INTO "requests" VALUES('r25',26,26);
INSERT INTO "requests" VALUES('r26',27,27);
INSERT INTO "requests" VALUES('r27',28,28);
INSERT INTO "requests" VALUES('r28',29,29);
INSERT INTO "requests" VALUES('r29',30,30);
INSERT INTO "requests" VALUES('r3',4,4);
INSERT INTO "requests" VALUES('r30',31,31);
INSERT INTO "requests" VALUES('r31',32,32);
INSERT INTO "requests" VALUES('r32',33,33);
INSERT INTO "requests" VALUES('r33',34,34);
INSERT INTO "requests" VALUES('r34',35,35);
INSERT INTO "requests" VALUES('r35',36,36);
INSERT INTO "requests" VALUES('r36',37,37);
INSERT INTO "requests" VALUES('r37',38,38);
INSERT INTO "requests" VALUES('r38',39,39);
INSERT INTO "requests" VALUES('r39',40,40);
INSERT INTO "requests" VALUES('r4',5,5);
INSERT INTO "requests" VALUES('r40',41,41);
INSERT INTO "requests" VALUES('r41',42,42);
INSERT INTO "requests" VALUES('r42',43,43);
INSERT INTO "requests" VALUES('r43',44,44);
INSERT INTO "requests" VALUES('r44',45,45);
INSERT INTO "requests" VALUES('r45',46,46);
INSERT INTO "requests" VALUES('r46',47,47);
INSERT INTO "requests" VALUES('r47',48,48);
INSERT INTO "requests" VALUES('r48',49,49);
INSERT INTO "requests" VALUES('r49',50,50);
INSERT INTO "requests" VALUES('r5',6,6);
INSERT INTO "requests" VALUES('r50',51,51);
INSERT INTO "requests" VALUES('r51',52,52);
INSERT INTO "requests" VALUES('r52',53,53);
INSERT INTO "requests" VALUES('r6',7,7);
INSERT INTO "requests" VALUES('r7',8,8);
INSERT INTO "requests" VALUES('r8',9,9);
INSERT INTO "requests" VALUES('r9',10,10);
CREATE TABLE seats (
	person TEXT NOT NULL, 
	holder TEXT NOT NULL, 
	until INTEGER NOT NULL, 
	PRIMARY KEY (person)
);
CREATE TRIGGER events_keep_UPDATE BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER events_keep_DELETE BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'append-only'); END;
COMMIT;
