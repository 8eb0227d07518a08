// Every page of a server that is set to nothing: see `sight.ts`.

import { SIGHTS } from "./pages.ts";
import { looksGood } from "./sight.ts";

SIGHTS.forEach(looksGood);
