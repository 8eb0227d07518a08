// The pages that look otherwise where refresh tokens are in cookies alone: see `sight.ts`.

import { test } from "./fixtures.ts";
import { SIGHTS_OF_COOKIES } from "./pages.ts";
import { looksGood } from "./sight.ts";

test.use({ settings: { JOTWARD_REFRESH_TRANSPORT: "cookie" } });

SIGHTS_OF_COOKIES.forEach(looksGood);
