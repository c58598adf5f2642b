package dev.taper.cli.conformance;

/**
 * Something that differs from a case.
 *
 * @param what which part of the case
 * @param expected what the case says, as JSON
 * @param actual what was found, as JSON
 */
record Mismatch(String what, String expected, String actual) {
  @Override
  public String toString() {
    return what + ": expected " + expected + ", actual " + actual;
  }
}
