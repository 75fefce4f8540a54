/** Works one after the other, in the order in which they were begun. */
export class Turns {
  #earlier: Promise<unknown> = Promise.resolve();

  /** Run after all that was begun before, whether or not that went well. */
  take<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#earlier.then(work);
    this.#earlier = done.catch(() => undefined);
    return done;
  }
}
