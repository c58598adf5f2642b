package dev.taper.server.connect;

import dev.taper.ShownText;
import dev.taper.agent.client.Refusal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The last calls that were refused and that the model can ask for. Thread-safe. */
final class RefusedCalls {
  private static final int MOST = 64;

  private final Map<String, RefusedCall> calls = new LinkedHashMap<>(); // guarded by this
  private int last; // guarded by this

  /** Remembers a call; the same call keeps its id. */
  synchronized RefusedCall remember(
      String name, String arguments, Refusal refusal, Set<String> presented) {
    String id = null;
    for (RefusedCall known : calls.values()) {
      if (known.name().equals(name) && known.arguments().equals(arguments)) {
        id = known.id();
      }
    }
    if (id == null) {
      id = Integer.toString(++last);
    }
    RefusedCall call = new RefusedCall(id, name, arguments, refusal, presented);
    calls.remove(id);
    calls.put(id, call);
    if (calls.size() > MOST) {
      calls.remove(calls.keySet().iterator().next());
    }
    return call;
  }

  /** The call of an id; null if it is not known any more. */
  synchronized @Nullable RefusedCall find(String id) {
    return calls.get(id);
  }

  /**
   * The call of an id.
   *
   * @throws MistakeException if there is none
   */
  RefusedCall required(String id) throws MistakeException {
    RefusedCall call = find(id.strip());
    if (call == null) {
      throw new MistakeException(
          "There is no refused call "
              + ShownText.of(id, 20)
              + ". Call the tool itself first: its refusal names the call.");
    }
    return call;
  }
}
