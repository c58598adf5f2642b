package dev.taper.server.console.relay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taper.SafeJson;
import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.RefusedException;
import dev.taper.server.console.view.View;
import dev.taper.server.console.view.ViewJson;
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
  private static final ObjectMapper JSON = new ObjectMapper(SafeJson.factory());

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
    ObjectNode told = relay.get(request.written());
    if (request.first().equals(PULSE)) {
      told.put("instance", instance);
    }
    try {
      return ViewJson.answer(JSON.writeValueAsString(told));
    } catch (JsonProcessingException e) {
      throw RelayClient.malformed("it cannot be written");
    }
  }
}
