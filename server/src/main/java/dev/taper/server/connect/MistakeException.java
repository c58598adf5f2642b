package dev.taper.server.connect;

import dev.taper.TaperException;
import dev.taper.integrations.mcp.McpRefusal;

/** What a model asked for makes no sense; the message tells the model what would. */
final class MistakeException extends Exception {
  private static final long serialVersionUID = 1L;

  MistakeException(String message) {
    super(message);
  }

  /**
   * Says that something was not done, and why.
   *
   * @param what was not done, such as {@code It cannot be said so}
   */
  static MistakeException of(String what, TaperException e, McpRefusal.Words words) {
    return new MistakeException(
        what + " (" + e.code().text() + "): " + words.shown(String.valueOf(e.getMessage())));
  }
}
