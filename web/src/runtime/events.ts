/** What a stream tells: each event is a value, and as JSON the same line that Python writes. */

/** Why a model abstains: it wavers between movements, sees none of them, or sees nothing. */
export type Cause = "" | "unsure" | "unknown" | "no_signal";

/** What the athlete is doing, as of one window. */
export interface State {
  readonly event: "state";
  /** End of the window, on the clock of the samples. */
  readonly t_s: number;
  readonly task: string;
  /** The answer; empty for a regression, and where the model abstains. */
  readonly movement: string;
  /** Smoothed probability of the movement that is held; null of a regression. */
  readonly confidence: number | null;
  /** Whether the model says that it does not know. */
  readonly abstained: boolean;
  readonly cause: Cause;
  /** The same as a sentence with the numbers. */
  readonly reason: string;
  /** Of a regression; null where no signal can be read. */
  readonly value: number | null;
  readonly unit: string;
}

/** Something about the signal that the athlete or coach should know; told when it begins. */
export interface Quality {
  readonly event: "quality";
  readonly t_s: number;
  /**
   * "late" are samples that are left out because of their time, "clock" one that was set back, "rate"
   * another one than before; "missing" is a sensor that gives nothing, "back" one that does again,
   * "flat" a motion sensor, or an axis, that does not move.
   */
  readonly kind: "gap" | "late" | "clock" | "rate" | "missing" | "back" | "flat";
  /** Which; all of them where the clock is to blame, else those of the sensor. */
  readonly channels: readonly string[];
  /** One sentence. */
  readonly text: string;
  /** How long a gap was, or by how much a clock was set back. */
  readonly seconds: number;
}

/** What is no longer as it was: the movements, how sure the answers are, or the sensor's scale. */
export type DriftCause = "inputs" | "confidence" | "gravity";

/** A request: what comes in is no longer what the heads were made for; told when it begins. */
export interface Drift {
  readonly event: "drift";
  /** When it was sure enough. */
  readonly t_s: number;
  readonly cause: DriftCause;
  /** Whose thresholds say so. */
  readonly task: string;
  /** Of windows that are strange since it began, 0 to 1. */
  readonly share: number;
  /** For how long. */
  readonly seconds: number;
  /** One sentence with the numbers, and what to do. */
  readonly text: string;
}

/** The heart rate now, once a second, if it may be believed. */
export interface Heart {
  readonly event: "heart";
  readonly t_s: number;
  /** Null where it is unknown or not to be believed. */
  readonly bpm: number | null;
  /** From 1; 0 below the first, null where zones may not be told. */
  readonly zone: number | null;
  /** What they are shares of: "threshold", "reserve" or "max"; empty where not told. */
  readonly zones: string;
  /** Why there is no heart rate, or no zone: a key of guidance's reasons. */
  readonly reason: string;
}

/** A set is under way; told once its first repetitions are sure. */
export interface SetStarted {
  readonly event: "set_started";
  readonly t_s: number;
  /** When the first repetition began. */
  readonly began_s: number;
  /** Of the set in the session, from 1. */
  readonly number: number;
  /** What is repeated; empty where no model says. */
  readonly movement: string;
}

/** One repetition, told when it is over; the first ones of a set together, once they are sure. */
export interface Rep {
  readonly event: "rep";
  readonly t_s: number;
  readonly began_s: number;
  /** Number of its set in the session, from 1. */
  readonly set: number;
  /** In its set, from 1. */
  readonly number: number;
  readonly movement: string;
  readonly duration_s: number;
  /** Its first phase, from the resting position to the far end. */
  readonly out_s: number;
  /** Its second phase, back again. */
  readonly back_s: number;
  /** How far the limb turned from where it began. */
  readonly range_deg: number;
}

/** A set is over: what it was; told once more where the athlete corrects its number. */
export interface SetEnded {
  readonly event: "set_ended";
  readonly t_s: number;
  readonly began_s: number;
  readonly ended_s: number;
  /** Of the set in the session, from 1. */
  readonly number: number;
  readonly movement: string;
  readonly repetitions: number;
  /** Median duration. */
  readonly seconds_a_rep: number;
  /** Median. */
  readonly range_deg: number;
  /** 1 where all took equally long, 0 where they differ as much as they last. */
  readonly regularity: number;
  /** 0 to 1: how alike the repetitions were. */
  readonly confidence: number;
}

/** The last repetitions beside the athlete's own. */
export interface Comparison {
  readonly value: number;
  /** One standard deviation of chance, in the same unit. */
  readonly error: number;
  /** How many of the athlete's own it rests on. */
  readonly own: number;
}

/** How a repetition was done; told with it. Null: too little is known to say. */
export interface Technique {
  readonly event: "technique";
  readonly t_s: number;
  /** Number of its set in the session, from 1. */
  readonly set: number;
  /** In its set, from 1. */
  readonly number: number;
  readonly movement: string;
  /** What the model calls it; empty where it is not sure or has no such task. */
  readonly verdict: string;
  readonly confidence: number | null;
  /** The repetition of this set since which the verdict is the same; 0 without one. */
  readonly since: number;
  /** Whether it is one of the athlete's own good ones from now on. */
  readonly is_good: boolean;
  /** Percent of the set's last repetitions that are not good. */
  readonly faulty: Comparison | null;
  /** In percent of the athlete's own good ones, as the next two. */
  readonly range: Comparison | null;
  readonly tempo: Comparison | null;
  readonly spread: Comparison | null;
  /** Beats a minute above those after as many like repetitions in sets before. */
  readonly bpm: Comparison | null;
  /** In percent of the good ones of sessions before. */
  readonly usual_range: Comparison | null;
  readonly usual_tempo: Comparison | null;
}

/** What an athlete is told to do, and why. */
export interface Advice {
  readonly event: "advice";
  readonly t_s: number;
  /** The rule's name, the model's label, or why guidance is silent. */
  readonly key: string;
  /** A sentence for the screen. */
  readonly text: string;
  /** The same for an ear-piece. */
  readonly spoken: string;
  readonly severity: "hint" | "warning" | "stop" | "silence";
  /** What it rests on, with the numbers. */
  readonly reason: string;
  readonly numbers: Readonly<Record<string, number>>;
  /** Chance that it is right; null where nobody knows the error. */
  readonly confidence: number | null;
  /** What ends it, or makes it surer. */
  readonly what_would_change: string;
  readonly spoke: "rules" | "model";
  /** What the other voice holds at this moment, said or not; empty where nothing. */
  readonly other_voice: string;
  /** Whether of the two one asks for less and the other for more. */
  readonly is_contradicted: boolean;
}

export type Event =
  | State
  | Quality
  | Drift
  | Heart
  | SetStarted
  | Rep
  | SetEnded
  | Technique
  | Advice;
