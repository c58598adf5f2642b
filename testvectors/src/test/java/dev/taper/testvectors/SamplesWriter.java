package dev.taper.testvectors;

import biscuit.format.schema.Schema;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.taper.datalog.AuthorizerCode;
import dev.taper.datalog.Block;
import dev.taper.datalog.parser.Datalog;
import dev.taper.testvectors.ExpectedDecision.FailedCheck;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Writes {@code samples.json}, in the layout of the specification's samples. */
final class SamplesWriter {
  /** How that layout names the authorizer where a block is named: 2^64 - 1. */
  private static final BigInteger AUTHORIZER =
      BigInteger.ONE.shiftLeft(Long.SIZE).subtract(BigInteger.ONE);

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final JsonGenerator json;

  SamplesWriter(String rootPrivateKey, String rootPublicKey) {
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter().withObjectIndenter(indenter).withArrayIndenter(indenter);
    try {
      json = new JsonFactory().createGenerator(bytes).setPrettyPrinter(printer);
      json.writeStartObject();
      json.writeStringField("root_private_key", rootPrivateKey);
      json.writeStringField("root_public_key", rootPublicKey);
      json.writeArrayFieldStart("testcases");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void add(SampleCase sample, Schema.Biscuit message, byte[] token, BiscuitJava peer) {
    try {
      json.writeStartObject();
      json.writeStringField("title", sample.title());
      json.writeStringField("filename", sample.filename());
      List<Block> code = sample.parsedBlocks();
      List<Schema.SignedBlock> signed = new ArrayList<>();
      signed.add(message.getAuthority());
      signed.addAll(message.getBlocksList());
      json.writeArrayFieldStart("token");
      for (int i = 0; i < signed.size(); i++) {
        block(Schema.Block.parseFrom(signed.get(i).getBlock()), code.get(i));
      }
      json.writeEndArray();
      json.writeObjectFieldStart("validations");
      for (Map.Entry<String, String> entry : sample.authorizers().entrySet()) {
        AuthorizerCode authorizer = Datalog.authorizer(entry.getValue());
        json.writeObjectFieldStart(entry.getKey());
        validation(code, authorizer, peer.authorize(token, authorizer));
        List<String> ids = new ArrayList<>();
        for (Schema.SignedBlock block : signed) {
          ids.add(HexFormat.of().formatHex(block.getSignature().toByteArray()));
        }
        strings("revocation_ids", ids);
        json.writeEndObject();
      }
      json.writeEndObject();
      json.writeEndObject();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  byte[] finish() {
    try {
      json.writeEndArray();
      json.writeEndObject();
      json.writeRaw('\n');
      json.close();
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void block(Schema.Block block, Block code) throws IOException {
    json.writeStartObject();
    strings("symbols", block.getSymbolsList());
    List<String> keys = new ArrayList<>();
    for (Schema.PublicKey key : block.getPublicKeysList()) {
      keys.add("ed25519/" + HexFormat.of().formatHex(key.getKey().toByteArray()));
    }
    strings("public_keys", keys);
    json.writeNullField("external_key");
    if (hasEagerOperations(code)) {
      json.writeNullField("code");
    } else {
      json.writeStringField("code", code.toString());
    }
    json.writeNumberField("version", block.getVersion());
    json.writeEndObject();
  }

  /**
   * True if biscuit-java made eager operations of what our text calls lazy ones. No text that all
   * implementations read says what such a block says.
   */
  private static boolean hasEagerOperations(Block code) {
    String text = code.toString();
    return text.contains("&&") || text.contains("||");
  }

  private void validation(
      List<Block> code, AuthorizerCode authorizer, BiscuitJava.Authorization authorization)
      throws IOException {
    if (authorization.decision().code() == ExpectedDecision.Code.EXECUTION_ERROR) {
      json.writeNullField("world");
    } else {
      json.writeObjectFieldStart("world");
      facts(authorization.facts());
      elements("rules", code, authorizer);
      if (code.stream().noneMatch(SamplesWriter::hasEagerOperations)) {
        elements("checks", code, authorizer);
      }
      strings("policies", texts(authorizer.policies()));
      json.writeEndObject();
    }
    result(code, authorizer, authorization);
    json.writeStringField("authorizer_code", authorizer.toString());
  }

  private void facts(List<Vector.Facts> groups) throws IOException {
    json.writeArrayFieldStart("facts");
    for (Vector.Facts group : groups) {
      json.writeStartObject();
      json.writeArrayFieldStart("origin");
      for (int block : group.origin()) {
        if (block == FailedCheck.AUTHORIZER) {
          json.writeNull();
        } else {
          json.writeNumber(block);
        }
      }
      json.writeEndArray();
      strings("facts", group.facts());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void elements(String name, List<Block> code, AuthorizerCode authorizer)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (int i = 0; i <= code.size(); i++) {
      Block block = i < code.size() ? code.get(i) : authorizer.block();
      List<?> elements = name.equals("rules") ? block.rules() : block.checks();
      if (!elements.isEmpty()) {
        json.writeStartObject();
        json.writeFieldName("origin");
        json.writeNumber(i < code.size() ? BigInteger.valueOf(i) : AUTHORIZER);
        strings(name, texts(elements));
        json.writeEndObject();
      }
    }
    json.writeEndArray();
  }

  private void result(
      List<Block> code, AuthorizerCode authorizer, BiscuitJava.Authorization authorization)
      throws IOException {
    ExpectedDecision decision = authorization.decision();
    json.writeObjectFieldStart("result");
    if (decision.code() == ExpectedDecision.Code.ALLOWED) {
      json.writeNumberField("Ok", policy(decision));
    } else {
      json.writeObjectFieldStart("Err");
      if (decision.code() == ExpectedDecision.Code.EXECUTION_ERROR) {
        json.writeStringField("Execution", authorization.executionError());
      } else {
        json.writeObjectFieldStart("FailedLogic");
        boolean matched = decision.policy() != null;
        json.writeObjectFieldStart(matched ? "Unauthorized" : "NoMatchingPolicy");
        if (matched) {
          boolean deny = decision.code() == ExpectedDecision.Code.POLICY_DENIED;
          json.writeObjectFieldStart("policy");
          json.writeNumberField(deny ? "Deny" : "Allow", policy(decision));
          json.writeEndObject();
        }
        failedChecks(code, authorizer, decision.failedChecks());
        json.writeEndObject();
        json.writeEndObject();
      }
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private void failedChecks(
      List<Block> code, AuthorizerCode authorizer, List<FailedCheck> failedChecks)
      throws IOException {
    json.writeArrayFieldStart("checks");
    for (FailedCheck failed : failedChecks) {
      boolean byAuthorizer = failed.block() == FailedCheck.AUTHORIZER;
      Block block = byAuthorizer ? authorizer.block() : code.get(failed.block());
      json.writeStartObject();
      json.writeObjectFieldStart(byAuthorizer ? "Authorizer" : "Block");
      if (!byAuthorizer) {
        json.writeNumberField("block_id", failed.block());
      }
      json.writeNumberField("check_id", failed.check());
      json.writeStringField("rule", block.checks().get(failed.check()).toString());
      json.writeEndObject();
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void strings(String name, List<String> values) throws IOException {
    json.writeArrayFieldStart(name);
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }

  private static int policy(ExpectedDecision decision) {
    Integer policy = decision.policy();
    if (policy == null) {
      throw new IllegalArgumentException("no policy: " + decision);
    }
    return policy;
  }

  private static List<String> texts(List<?> elements) {
    List<String> texts = new ArrayList<>();
    elements.forEach(element -> texts.add(element.toString()));
    return texts;
  }
}
