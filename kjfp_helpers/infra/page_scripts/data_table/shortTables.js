// The script of a report whose tables are short: they are exported, nothing more.

import { offerPageExport } from "./pageExport.js";

offerPageExport();
