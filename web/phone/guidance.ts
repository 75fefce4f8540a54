/** Guidance's rules and sentences, from the same files that Python reads. */

import rules from "../../src/distride/guidance/rules.toml";
import texts from "../../src/distride/guidance/texts.toml";

import { rulesFrom } from "../src/guidance/rules.ts";
import type { GuidanceTexts } from "../src/guidance/wording.ts";

export const guidanceTexts = texts as GuidanceTexts;
export const guidanceRules = rulesFrom(rules);
