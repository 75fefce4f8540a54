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

export type Event = State | Quality | Drift | Heart | Advice;
