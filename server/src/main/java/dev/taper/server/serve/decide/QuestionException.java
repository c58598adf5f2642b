package dev.taper.server.serve.decide;

/**
 * A question that makes no sense, whatever it is about: a mistake of the service or proxy that
 * asks, not of its caller. It has no stack trace: anybody can cause it.
 */
final class QuestionException extends Exception {
  private static final long serialVersionUID = 1L;

  QuestionException(String message) {
    super(message, null, false, false);
  }
}
