package dev.taper.cli.output;

import dev.taper.JsonFields;
import dev.taper.cli.io.Console;
import dev.taper.operations.doctor.Checkup;
import dev.taper.operations.doctor.Observation;
import java.time.Instant;
import java.util.Locale;

/** Prints what was found, one line for each thing that was looked at. */
public final class Observations {
  /** How wide the subjects of a service are, so that its lines look the same everywhere. */
  private static final int SUBJECTS = 17;

  private Observations() {}

  /** Prints for people. */
  public static void print(Console console, Checkup checkup) {
    Style style = Style.out(console);
    int longest = SUBJECTS;
    for (Observation observation : checkup.observations()) {
      longest = Math.max(longest, observation.subject().length());
    }
    for (Observation observation : checkup.observations()) {
      String status = String.format(Locale.ROOT, "%-8s", observation.status().text());
      String shown =
          switch (observation.status()) {
            case RIGHT -> style.good(status);
            case DOUBTFUL -> style.warn(status);
            case WRONG -> style.bad(status);
          };
      String subject = String.format(Locale.ROOT, "%-" + longest + "s", observation.subject());
      String code = observation.code() == null ? "" : " (" + observation.code() + ")";
      console
          .out()
          .println(shown + "  " + subject + "  " + SafeText.line(observation.text()) + code);
    }
  }

  /** The fields healthy, time and observations. */
  public static JsonFields fields(Checkup checkup, Instant now) {
    return new JsonFields()
        .put("healthy", checkup.healthy())
        .put("time", now)
        .rows("observations", checkup.observations(), Observations::fields);
  }

  private static JsonFields fields(Observation observation) {
    return new JsonFields()
        .put("subject", observation.subject())
        .put("status", observation.status().text())
        .putIfPresent("code", observation.code())
        .put("text", observation.text());
  }
}
