package dev.taper.integrations.spring;

/**
 * Ends a call of a method that does a tool of the catalog, because no call of that tool was
 * allowed. Its message may reach the caller and tells nothing; the log has the tool.
 */
public final class NotDecidedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NotDecidedException() {
    super("unavailable");
  }
}
