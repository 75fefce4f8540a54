/** Counts an athlete's repetitions: of the exercises that their model knows, in the sensors they wear. */

import { SetCounter } from "../src/guidance/sets.ts";
import type { Template } from "../src/guidance/template.ts";
import { exercises } from "../src/guidance/watched.ts";
import type { Event } from "../src/index.ts";
import { placementOf, sensorOf, triads } from "../src/signals/spec.ts";
import type { Model } from "./model.ts";
import type { Samples } from "./samples.ts";
import type { Store } from "./store.ts";

/** In one session. */
export class Counting {
  private constructor(
    private readonly counter: SetCounter,
    /** Of the samples, those of the sensors that are worn. */
    private readonly columns: readonly number[],
    private readonly width: number,
    private readonly store: Store,
    private readonly athlete: string,
    private readonly sensors: string,
  ) {}

  /**
   * Null where the model knows no exercise, or nothing is worn that repetitions show in.
   *
   * @param placement Where the phone is worn; null: all of the model's sensors give something.
   */
  static async of(
    { athlete, movements, student }: Model,
    sourceHz: number,
    placement: string | null,
    store: Store,
  ): Promise<Counting | null> {
    const { channels } = student.predictor.spec;
    const columns = triads(channels)
      .flat()
      .filter((at) => ["acc", "gyr"].includes(sensorOf(channels[at]!)))
      .filter((at) => placement === null || placementOf(channels[at]!) === placement);
    const counted = exercises(movements);
    if (columns.length === 0 || counted.length === 0) return null;
    const worn = columns.map((at) => channels[at]!);
    const sensors = worn.join();
    const templates = await store.templates(athlete);
    const own = templates.filter((one) => one.sensors === sensors);
    const byMovement = new Map(own.map(({ template }) => [template.movement, template]));
    const counter = new SetCounter(worn, sourceHz, counted, byMovement);
    return new Counting(counter, columns, channels.length, store, athlete, sensors);
  }

  /** What the new samples tell, of which a stream has told these events. */
  push({ t, rows }: Samples, states: readonly Event[]): Event[] {
    const worn = this.columns.map((column) => t.map((_, row) => rows[row * this.width + column]!));
    const values = Float32Array.from(
      { length: t.length * worn.length },
      (_, at) => worn[at % worn.length]![Math.floor(at / worn.length)]!,
    );
    return this.counter.push(t, values, states);
  }

  close(): Event[] {
    return this.counter.close();
  }

  /** Learn from the athlete's own count of the last set, if it fits. */
  corrected(repetitions: number): Template | null {
    return this.counter.corrected(repetitions);
  }

  /** What is known of a movement holds for later sessions too. */
  async keep(movement: string): Promise<void> {
    const template = this.counter.templates.get(movement);
    const { athlete, sensors } = this;
    if (template) await this.store.keepTemplate({ athlete, sensors, template });
    else await this.store.forgetTemplate(athlete, sensors, movement);
  }
}
