package dev.taper.cli.token;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.taper.cli.output.Json;
import dev.taper.cli.output.Statements;
import dev.taper.cli.token.TokenView.BlockView;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Writes a token for programs. */
final class TokenJson {
  private TokenJson() {}

  static void write(JsonGenerator json, TokenView token, @Nullable ChainView chain)
      throws IOException {
    json.writeBooleanField("verified", token.verifiedBy() != null);
    Json.textOrNull(json, "root_key", token.verifiedBy());
    json.writeFieldName("root_key_id");
    if (token.rootKeyId().isPresent()) {
      json.writeNumber(token.rootKeyId().getAsLong());
    } else {
      json.writeNull();
    }
    json.writeStringField("kind", token.kind().text());
    json.writeNumberField("size", token.size());
    Json.textOrNull(json, "last_valid", token.expiry());
    if (token.violation() != null) {
      json.writeStringField("profile_violation", token.violation());
    }
    if (chain != null) {
      ChainJson.write(json, chain);
    }
    json.writeArrayFieldStart("blocks");
    for (int i = 0; i < token.blocks().size(); i++) {
      json.writeStartObject();
      json.writeNumberField("index", i);
      block(json, i, token.blocks().get(i));
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void block(JsonGenerator json, int index, BlockView block) throws IOException {
    json.writeStringField("kind", block.kind(index));
    Json.textOrNull(json, "external_key", block.externalKey());
    Json.textOrNull(json, "signer", block.signer());
    Json.textOrNull(json, "context", block.context());
    json.writeNumberField("version", block.version());
    json.writeNumberField("signature_version", block.signatureVersion());
    json.writeStringField("code", Statements.join(block.statements()));
    Json.texts(json, "symbols", block.symbols());
    Json.texts(json, "public_keys", block.publicKeys());
    json.writeStringField("revocation_id", block.revocationId());
    json.writeNumberField("size", block.size());
  }
}
