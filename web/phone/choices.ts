/** What the athlete chose; kept from visit to visit. */

import type { Profile } from "../src/guidance/profile.ts";

export interface Choices {
  readonly athlete: string;
  readonly profile: Profile;
  readonly motion: "phone" | "replay";
  readonly placement: string;
  readonly speed: "1" | "4" | "16";
  readonly isSpoken: boolean;
  readonly sendsRaw: boolean;
  /** Whether the model came from the server, which then gets the sessions. */
  readonly isLinked: boolean;
  /** Whether the coach may watch. */
  readonly isShared: boolean;
}

const NO_PROFILE: Profile = { birth_year: Number.NaN, conditions: [], is_active: false };

/** Of one who chose nothing yet. */
export const CHOICES: Choices = {
  athlete: "me",
  profile: NO_PROFILE,
  motion: "phone",
  placement: "",
  speed: "1",
  isSpoken: false,
  sendsRaw: false,
  isLinked: false,
  isShared: false,
};
