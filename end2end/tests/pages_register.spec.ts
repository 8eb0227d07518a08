// The pages there are where people register themselves: see `sight.ts`.

import { test } from "./fixtures.ts";
import { SIGHTS_OF_REGISTRATION } from "./pages.ts";
import { looksGood } from "./sight.ts";

test.use({ settings: { JOTWARD_REGISTRATION: "open" } });

SIGHTS_OF_REGISTRATION.forEach(looksGood);
