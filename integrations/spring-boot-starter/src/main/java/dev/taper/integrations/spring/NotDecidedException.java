package dev.taper.integrations.spring;

/**
 * Ends a call of a method that does a tool of the catalog, because no call of that tool was
 * allowed. The message is for nobody but the operator's log, and has no argument.
 */
public final class NotDecidedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NotDecidedException(String tool) {
    super("no call of " + tool + " was allowed here");
  }
}
