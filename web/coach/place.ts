/** Where in the page its reader is, as the address has it behind `#`. */

export const SCREENS = ["athletes", "athlete", "session", "recording", "jobs", "live"] as const;
export type ScreenName = (typeof SCREENS)[number];

export interface Place {
  readonly screen: ScreenName;
  /** Whose, on the screens of one athlete. */
  readonly athlete: string;
  /** Of the session or the recording. */
  readonly id: string;
}

export function placeOf(hash: string): Place {
  const [name = "", athlete = "", id = ""] = hash.replace(/^#/, "").split("/");
  const screen = SCREENS.find((one) => one === name) ?? "athletes";
  return { screen, athlete, id };
}

export function hashOf(screen: ScreenName, athlete = "", id = ""): string {
  return `#${[screen, athlete, id].filter(Boolean).join("/")}`;
}
