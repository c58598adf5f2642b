package dev.taper.server.console.relay;

import dev.taper.JsonFields;
import dev.taper.JsonMembers;
import dev.taper.integrations.http.RefusedException;
import dev.taper.server.console.view.View;
import dev.taper.server.console.view.ViewRequest;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Data that another machine relays: it is shown as that machine's word. It is read strictly and
 * written anew, and gives nobody trust: root keys and names come from this machine. Thread-safe.
 */
public final class RelayedViews implements View {
  private static final Set<String> RELAYED =
      Set.of("living", "reviews", "timeline", "tasks", "health", "pulse");
  private static final String PULSE = "pulse";
  private static final String INSTANCE = "instance";

  private final RelayClient relay;
  private final String instance;

  /**
   * Data of a relay.
   *
   * @param instance what this process is called, which changes with each start
   */
  public RelayedViews(RelayClient relay, String instance) {
    this.relay = relay;
    this.instance = instance;
  }

  @Override
  public @Nullable JsonFields answer(ViewRequest request) throws RefusedException {
    if (!request.method().equals("GET") || !RELAYED.contains(request.first())) {
      return null;
    }
    JsonMembers<RefusedException> told = relay.get(request.written());
    JsonFields members = new JsonFields();
    for (String name : told.names()) {
      members.json(name, told.json(name));
    }
    return request.first().equals(PULSE) ? members.put(INSTANCE, instance) : members;
  }
}
