package dev.taper.server.connect;

/** What a model asked for makes no sense; the message tells the model what would. */
final class MistakeException extends Exception {
  private static final long serialVersionUID = 1L;

  MistakeException(String message) {
    super(message);
  }
}
