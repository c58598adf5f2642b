package dev.taper.assurance;

import dev.taper.agent.call.Credentials;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.decision.Verifier;
import dev.taper.crypto.RootKeys;
import dev.taper.integrations.http.CredentialFields;
import dev.taper.integrations.http.HttpGuard;
import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.integrations.http.RefusedException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The readers of HTTP requests of the binding. An input is a method and a target in one line,
 * fields in lines of their own, an empty line, and the content. What is refused has a status and a
 * code of docs/binding.md, and never the one for what nobody foresaw.
 */
final class HttpReader {
  static final String ORIGIN = "https://jira.example.com";
  static final String AUDIENCE = "svc:jira";

  /** A service with a tool for each way in which arguments are sent. */
  static final String CATALOG =
      """
      {"format": "taper/1 catalog", "audience": "svc:jira",
       "origins": [{"origin": "https://jira.example.com"}],
       "tools": {
         "jira.search": {
           "operation": "read", "resource": "jira:project/ACME/{id}",
           "http": {"method": "GET", "path": "/issues/{id}"},
           "arguments": {
             "id": {"type": "integer"}, "part": {"type": "array", "list": true},
             "site": {"type": "string", "field": "X-Site"}}},
         "jira.comment": {
           "operation": "read", "resource": "jira:project/ACME/{id}",
           "http": {"method": "POST", "path": "/issues/{id}/comments"},
           "arguments": {"id": {"type": "integer"}, "text": {"type": "string"}}},
         "jira.attach": {
           "operation": "read", "resource": "jira:project/ACME/{id}",
           "http": {"method": "PUT", "path": "/issues/{id}/file"},
           "content": {"argument": "upload"},
           "arguments": {"id": {"type": "integer"}, "upload": {"type": "any", "opaque": true}}}}}
      """;

  private static final Map<Integer, Set<String>> OF_FIELDS =
      Map.of(
          400,
          Set.of("invalid_request"),
          401,
          Set.of(
              "token_required", "invalid_base64", "malformed_holder_proof", "malformed_approval"),
          431,
          Set.of("fields_too_large"));

  private static final Set<Integer> STATUSES = Set.of(400, 401, 403, 404, 413, 431);

  private HttpReader() {}

  /** A request in bytes. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Request(
      String method, String target, List<String> names, List<String> values, byte[] bytes)
      implements IncomingRequest {
    static Request of(byte[] input) {
      String text = new String(input, StandardCharsets.ISO_8859_1);
      int end = text.indexOf("\n\n");
      String[] head = (end < 0 ? text : text.substring(0, end)).split("\n", -1);
      int space = head[0].indexOf(' ');
      List<String> names = new ArrayList<>();
      List<String> values = new ArrayList<>();
      for (int i = 1; i < head.length; i++) {
        int colon = head[i].indexOf(':');
        names.add(colon < 0 ? head[i] : head[i].substring(0, colon));
        values.add(colon < 0 ? "" : head[i].substring(colon + 1).strip());
      }
      return new Request(
          space < 0 ? "" : head[0].substring(0, space),
          head[0].substring(space + 1),
          names,
          values,
          end < 0 ? new byte[0] : Arrays.copyOfRange(input, end + 2, input.length));
    }

    @Override
    public boolean isSecure() {
      return true;
    }

    @Override
    public List<String> field(String name) {
      List<String> found = new ArrayList<>();
      for (int i = 0; i < names.size(); i++) {
        if (names.get(i).equalsIgnoreCase(name)) {
          found.add(values.get(i));
        }
      }
      return found;
    }

    @Override
    public Collection<String> fieldNames() {
      return names;
    }

    @Override
    public InputStream content() {
      return new ByteArrayInputStream(bytes);
    }
  }

  /** A request in bytes. */
  static IncomingRequest received(byte[] input) {
    return Request.of(input);
  }

  /** What a request presents, before anything of it is decoded. */
  static boolean credentials(byte[] input) {
    Credentials read;
    try {
      read = CredentialFields.of(Request.of(input));
    } catch (RefusedException e) {
      HttpRefusal refusal = e.refusal();
      if (!OF_FIELDS.getOrDefault(refusal.status(), Set.of()).contains(refusal.code())) {
        throw new AssertionError("refused with " + refusal, e);
      }
      return false;
    }
    StringBuilder again = new StringBuilder("GET /\n");
    again.append(CredentialFields.TOKEN_FIELD).append(": ").append(read.token());
    if (read.proof() != null) {
      again.append('\n').append(CredentialFields.PROOF_FIELD).append(": ").append(read.proof());
    }
    if (!read.approvals().isEmpty()) {
      again.append('\n').append(CredentialFields.APPROVAL_FIELD).append(": ");
      again.append(String.join(", ", read.approvals()));
    }
    try {
      byte[] written = again.toString().getBytes(StandardCharsets.ISO_8859_1);
      Laws.same(
          "what is presented again reads the same", read, CredentialFields.of(Request.of(written)));
    } catch (RefusedException e) {
      // What was spread over several fields may be too long for one.
      Laws.same("a refusal of what was taken", "431 fields_too_large", e.refusal().toString());
    }
    return true;
  }

  /** A whole request, by a service that has forgotten all others. */
  static boolean request(byte[] input) {
    Request request = Request.of(input);
    try {
      Laws.same("what is judged", guard().judge(request).content(), request.bytes());
      return true;
    } catch (RefusedException e) {
      HttpRefusal refusal = e.refusal();
      String problem = new String(refusal.content(), StandardCharsets.UTF_8);
      if (!STATUSES.contains(refusal.status())
          || !problem.startsWith("{\"status\":" + refusal.status() + ",\"code\":\"")
          || refusal.fields().containsKey("WWW-Authenticate") != (refusal.status() == 401)) {
        throw new AssertionError("refused with " + refusal, e);
      }
      return false;
    }
  }

  private static HttpGuard guard() {
    Verifier verifier =
        Verifier.trusting(RootKeys.of(Keys.ROOT.publicKey()))
            .audience(AUDIENCE)
            .catalog(ToolCatalog.parse(CATALOG))
            .withoutRevocation()
            .clock(Keys.CLOCK)
            .build();
    return HttpGuard.of(verifier);
  }
}
