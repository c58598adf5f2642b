package dev.taper.benchmarks.report;

/** Something cannot be measured on this machine; the message says why. */
final class UnmeasuredException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnmeasuredException(String reason) {
    super(reason);
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
