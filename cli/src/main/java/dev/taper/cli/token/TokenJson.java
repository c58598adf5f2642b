package dev.taper.cli.token;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.taper.cli.output.Statements;
import dev.taper.cli.token.TokenView.BlockView;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a token for programs. */
final class TokenJson {
  private TokenJson() {}

  static void write(JsonGenerator json, TokenView token, @Nullable ChainView chain)
      throws IOException {
    json.writeBooleanField("verified", token.verifiedBy() != null);
    text(json, "root_key", token.verifiedBy());
    json.writeFieldName("root_key_id");
    if (token.rootKeyId().isPresent()) {
      json.writeNumber(token.rootKeyId().getAsLong());
    } else {
      json.writeNull();
    }
    json.writeStringField("kind", token.kind().text());
    json.writeNumberField("size", token.size());
    text(json, "last_valid", token.expiry());
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
    text(json, "external_key", block.externalKey());
    text(json, "signer", block.signer());
    text(json, "context", block.context());
    json.writeNumberField("version", block.version());
    json.writeNumberField("signature_version", block.signatureVersion());
    json.writeStringField("code", Statements.join(block.statements()));
    texts(json, "symbols", block.symbols());
    texts(json, "public_keys", block.publicKeys());
    json.writeStringField("revocation_id", block.revocationId());
    json.writeNumberField("size", block.size());
  }

  private static void text(JsonGenerator json, String name, @Nullable Object value)
      throws IOException {
    json.writeStringField(name, value == null ? null : value.toString());
  }

  private static void texts(JsonGenerator json, String name, List<?> values) throws IOException {
    json.writeArrayFieldStart(name);
    for (Object value : values) {
      json.writeString(value.toString());
    }
    json.writeEndArray();
  }
}
