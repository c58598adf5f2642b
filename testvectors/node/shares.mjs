// How a memory is shared: by delegator, then by authority block (section 10).

const part = (all, parties) => Math.max(1, Math.floor(all / (parties + 1)));
const allBut = (pieces, all) => Math.max(1, Math.floor((all * (pieces - 1)) / pieces));
const sum = (numbers) => [...numbers].reduce((all, each) => all + each, 0);

/** Counts the entries of a memory in which nothing ends. */
export class Shares {
  #delegators = new Map(); // from a delegator's authority blocks to their entries

  constructor(capacity) {
    this.capacity = capacity;
  }

  /** One more entry; false if there is no room for it. */
  add(delegator, authority) {
    const blocks = this.#delegators.get(delegator) ?? new Map();
    const own = blocks.get(authority) ?? 0;
    if (!this.#hasRoom(delegator, blocks, own)) return false;
    this.#delegators.set(delegator, blocks.set(authority, own + 1));
    return true;
  }

  /** All numbers are those with the new entry. */
  #hasRoom(delegator, blocks, own) {
    const all = 1 + sum([...this.#delegators.values()].map((each) => sum(each.values())));
    if (all > this.capacity) return false;
    if (all <= this.capacity / 2) return true;
    const parties = this.#delegators.size + (this.#delegators.has(delegator) ? 0 : 1);
    const count = blocks.size + (own === 0 ? 1 : 0);
    const ofDelegator = 1 + sum(blocks.values());
    const isAlone = parties === 1;
    const whole = isAlone ? this.capacity : part(this.capacity, parties);
    const share = isAlone ? allBut(count === 1 ? 8 : 16, this.capacity) : whole;
    if (count === 1 || (isAlone && ofDelegator > share)) return ofDelegator <= share;
    const isInPart = own + 1 <= part(whole, count);
    if (ofDelegator <= share) return isInPart || ofDelegator <= share / 2;
    const free = Math.floor(this.capacity / (own === 0 ? 8 : 4));
    return isInPart && count <= share && all <= this.capacity - free;
  }
}
