package dev.taper.testvectors.profile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A guarded service and the requests that it answers in turn. Not thread-safe. */
final class Served {
  private final String name;
  private final @Nullable String attack;
  private final ObjectNode service;
  private final List<JsonNode> requests = new ArrayList<>();
  private Instant now = Cast.NOON;

  Served(String name, @Nullable String attack) {
    this.name = name;
    this.attack = attack;
    this.service = service();
  }

  /** The service of the vectors: it trusts the root key, and takes held tokens only. */
  static ObjectNode service() {
    return Json.object(
        "audience",
        Cast.JIRA,
        "roots",
        List.of(Decision.root(Cast.ROOT.publicKey().toString(), null)),
        "catalog",
        CATALOG);
  }

  /** Issues that are read, made, deleted and closed, files that are attached. */
  static final String CATALOG =
      """
      {"format": "taper/1 catalog", "audience": "svc:jira",
       "origins": [{"origin": "https://jira.example.com"}, {"origin": "http://[::1]:8080"}],
       "tools": {
         "issue.read": {
           "operation": "read", "resource": "jira:issue/{id}",
           "http": {"method": "GET", "path": "/issues/{id}"},
           "arguments": {
             "id": {"type": "integer"}, "part": {"type": "array", "list": true},
             "link": {"type": "string", "is": "url"}, "site": {"type": "string", "field": "X-Site"}}},
         "issue.create": {
           "operation": "write", "resource": "jira:project/{project}",
           "http": {"method": "POST", "path": "/issues"},
           "arguments": {
             "project": {"type": "string", "required": true},
             "title": {"type": "string", "required": true},
             "amount": {"type": "number"}, "file": {"type": "string", "is": "path"}}},
         "issue.delete": {
           "operation": "delete", "resource": "jira:issue/{id}",
           "http": {"method": "DELETE", "path": "/issues/{id}"},
           "arguments": {"id": {"type": "integer"}}},
         "issue.close": {
           "operation": "write", "resource": "jira:issue/{id}",
           "http": {"method": "POST", "path": "/issues/{id}/close"},
           "arguments": {"id": {"type": "integer"}}},
         "issue.attach": {
           "operation": "write", "resource": "jira:issue/{id}",
           "http": {"method": "PUT", "path": "/issues/{id}/file"},
           "content": {"argument": "upload"},
           "arguments": {"id": {"type": "integer"}, "upload": {"type": "any", "opaque": true}}}}}
      """;

  /** What the planner may do: all but to close an issue, and delete only with an approval. */
  static final String GRANT =
      "issue.read or issue.create or issue.attach on jira:issue/* or issue.delete if approved by "
          + Cast.BOSS.publicKey();

  static Chain chain() {
    return Story.granted(GRANT);
  }

  Served with(String member, Object value) {
    service.setAll(Json.object(member, value));
    return this;
  }

  Served after(Duration time) {
    now = now.plus(time);
    return this;
  }

  Served gets(Arriving request, ObjectNode expect) {
    requests.add(request.json(now, expect));
    return this;
  }

  void addTo(Cases cases) {
    cases.add(name, attack, "service", service, "requests", requests);
  }

  /** The handler's answer to a call, whose canonical form this is. */
  static ObjectNode served(String meaning) {
    return Json.object(
        "status", 200, "meaning", meaning, "fields", Json.object("cache-control", "no-store"));
  }

  /** A refusal, with the members of its problem beside status and code. */
  static ObjectNode refused(int status, String code, String... members) {
    ObjectNode fields =
        Json.object(
            "cache-control",
            "no-store",
            "content-type",
            "application/problem+json",
            "taper-refusal",
            code);
    if (status == 401) {
      fields.put("www-authenticate", "Taper error=\"" + code + "\"");
    } else if (status == 503) {
      fields.put("retry-after", "5");
    }
    TreeSet<String> all = new TreeSet<>(Arrays.asList(members));
    all.addAll(List.of("code", "detail", "status"));
    return Json.object(
        "status", status, "code", code, "members", List.copyOf(all), "fields", fields);
  }
}
