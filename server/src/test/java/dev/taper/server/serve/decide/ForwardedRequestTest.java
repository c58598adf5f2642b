package dev.taper.server.serve.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.integrations.http.IncomingRequest;
import dev.taper.integrations.http.RefusedException;
import java.io.InputStream;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ForwardedRequestTest {
  private record Question(Map<String, List<String>> fields) implements IncomingRequest {
    @Override
    public String method() {
      return "GET";
    }

    @Override
    public String target() {
      return "/v1/forward";
    }

    @Override
    public boolean isSecure() {
      return false;
    }

    @Override
    public List<String> field(String name) {
      return fields.getOrDefault(name, List.of());
    }

    @Override
    public Collection<String> fieldNames() {
      return fields.keySet();
    }

    @Override
    public InputStream content() {
      return InputStream.nullInputStream();
    }
  }

  /** What announces the content of a request whose question has a length of its own. */
  private static List<String> announced(String own, String said) throws RefusedException {
    Map<String, List<String>> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    fields.put(ForwardedRequest.METHOD, List.of("POST"));
    fields.put(ForwardedRequest.TARGET, List.of("/x"));
    fields.put(ForwardedRequest.SCHEME, List.of("https"));
    fields.put(ForwardedRequest.CONTENT, List.of("digest"));
    fields.put(ForwardedRequest.LENGTH, List.of(said));
    fields.put("Content-Length", List.of(own));
    return ForwardedRequest.of(new Question(fields)).field("content-length");
  }

  /** A proxy asks without content, and may say so: that says nothing of the request. */
  @Test
  void field_lengthOfTheQuestion_hidesNoContentOfTheRequest() throws Exception {
    for (String said : List.of("1234", "chunked", "00")) {
      assertThat(announced("0", said)).containsExactly(said);
      assertThat(announced("5", said)).containsExactly(said);
    }
    assertThat(announced("5", "0")).containsExactly("5");
    assertThat(announced("5", "")).containsExactly("5");
  }
}
