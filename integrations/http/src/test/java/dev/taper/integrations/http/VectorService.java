package dev.taper.integrations.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.decision.VerifierBuilder;
import dev.taper.authorizer.PolicySet;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import dev.taper.datalog.parser.Datalog;
import dev.taper.revocation.RevocationList;
import dev.taper.testing.SettableClock;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The service that vectors of HTTP say, and requests as they say that these arrive. */
final class VectorService {
  private VectorService() {}

  static HttpGuard guard(JsonNode service, SettableClock clock) {
    VerifierBuilder builder =
        Verifier.trusting(
                RootKeys.of(
                    PublicKey.parse(service.required("roots").get(0).required("key").textValue())))
            .audience(service.required("audience").textValue())
            .catalog(ToolCatalog.parse(service.required("catalog").textValue()))
            .clock(clock);
    if (service.path("bearer").booleanValue()) {
      builder.acceptBearer();
    }
    if (service.path("sealed").booleanValue()) {
      builder.acceptSealed();
    }
    if (service.has("policies")) {
      builder.policies(PolicySet.of(Datalog.authorizer(service.required("policies").textValue())));
    }
    if (service.has("revocations")) {
      builder.revocations(revocations(service.required("revocations"), clock));
    } else {
      builder.withoutRevocation();
    }
    HttpGuard guard = HttpGuard.of(builder.build());
    return service.has("limit") ? guard.maxContent(service.required("limit").intValue()) : guard;
  }

  private static RevocationList revocations(JsonNode config, SettableClock clock) {
    List<PublicKey> keys = new ArrayList<>();
    config.required("issuers").forEach(key -> keys.add(PublicKey.parse(key.textValue())));
    RevocationList list =
        RevocationList.trusting(keys.toArray(new PublicKey[0]))
            .forgottenAtRestart()
            .clock(clock)
            .build();
    byte[] lists = Vectors.bytes(config, "lists");
    if (lists.length > 0) {
      list.apply(lists);
    }
    return list;
  }

  /** A request as it arrives. */
  record Arrived(JsonNode json) implements IncomingRequest {
    @Override
    public String method() {
      return json.required("method").textValue();
    }

    @Override
    public String target() {
      return json.required("target").textValue();
    }

    @Override
    public boolean isSecure() {
      return json.required("scheme").textValue().equals("https");
    }

    @Override
    public List<String> field(String name) {
      List<String> values = new ArrayList<>();
      for (JsonNode field : json.required("fields")) {
        if (field.get(0).textValue().equalsIgnoreCase(name)) {
          values.add(field.get(1).textValue());
        }
      }
      return values;
    }

    @Override
    public Collection<String> fieldNames() {
      return json.required("fields").valueStream().map(field -> field.get(0).textValue()).toList();
    }

    @Override
    public InputStream content() {
      return new ByteArrayInputStream(Vectors.bytes(json, "content"));
    }
  }
}
