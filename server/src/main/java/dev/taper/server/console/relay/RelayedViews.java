package dev.taper.server.console.relay;

import dev.taper.JsonMembers;
import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.RefusedException;
import dev.taper.server.console.view.View;
import dev.taper.server.console.view.ViewJson;
import dev.taper.server.console.view.ViewRequest;
import java.util.LinkedHashMap;
import java.util.Map;
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
  public @Nullable HttpAnswer answer(ViewRequest request) throws RefusedException {
    if (!request.method().equals("GET") || !RELAYED.contains(request.first())) {
      return null;
    }
    JsonMembers<RefusedException> told = relay.get(request.written());
    Map<String, String> members = new LinkedHashMap<>();
    for (String name : told.names()) {
      members.put(name, told.json(name));
    }
    boolean isPulse = request.first().equals(PULSE);
    members.keySet().removeIf(name -> isPulse && name.equals(INSTANCE));
    return ViewJson.answer(
        json -> {
          for (Map.Entry<String, String> member : members.entrySet()) {
            json.writeFieldName(member.getKey());
            json.writeRawValue(member.getValue());
          }
          if (isPulse) {
            json.writeStringField(INSTANCE, instance);
          }
        });
  }
}
