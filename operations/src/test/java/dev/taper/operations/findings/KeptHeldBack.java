package dev.taper.operations.findings;

import dev.taper.operations.findings.Watched.Caller;
import java.nio.file.Path;

/** A file of keys that are held back, as a watch makes it, for tests elsewhere. */
public final class KeptHeldBack {
  private KeptHeldBack() {}

  /** Has a watch hold back two agents, of which one has an unusual name. */
  public static void write(Path file) {
    Watched service =
        new Watched(
            Watched.standard().response("repeated_denials", Finding.Response.ASK),
            AbuseWatch.SUBJECTS);
    service.watch.holdingBackIn(file);
    for (String name : new String[] {"agent:planner", "agent:the best, by far"}) {
      Caller agent = service.callerOf("user:of " + name, name, "T of " + name, "jira.search");
      for (int i = 0; i < 8; i++) {
        agent.call("jira.delete" + i);
      }
      service.watch.drain();
    }
  }
}
