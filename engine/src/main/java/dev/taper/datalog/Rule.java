package dev.taper.datalog;

/**
 * A rule: for every match of the body, the head becomes a fact. A rule may be unsafe (a head
 * variable that the body does not bind); whoever accepts rules refuses those.
 *
 * @param head what is derived
 * @param body from what
 */
public record Rule(Predicate head, Query body) {
  /** The rule as Datalog text, without a semicolon. */
  @Override
  public String toString() {
    return Printer.print(this);
  }
}
