package dev.taper.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PublicKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The official sample tokens, and what is known of them. */
public final class SampleTokens {
  private static final String FOLDER = "biscuit-samples";

  private static @Nullable JsonNode json;

  private SampleTokens() {}

  /**
   * One sample.
   *
   * @param file its file name
   * @param blocks what its blocks must be
   * @param revocationIds its revocation identifiers in hexadecimal
   * @param result the expected result of the first validation, as JSON
   * @param authorizers the authorizers of all validations, as Datalog text
   */
  public record Sample(
      String file,
      List<SampleBlock> blocks,
      List<String> revocationIds,
      String result,
      List<String> authorizers) {
    /** The token. */
    public byte[] bytes() {
      try {
        return Files.readAllBytes(SharedData.path(FOLDER, file));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public String toString() {
      return file;
    }
  }

  /**
   * One block of a sample.
   *
   * @param symbols the symbols that it declares
   * @param publicKeys the keys that it declares, as text
   * @param externalKey the third party's key as text, or null
   * @param code its Datalog text
   * @param version its Datalog version
   */
  public record SampleBlock(
      List<String> symbols,
      List<String> publicKeys,
      @Nullable String externalKey,
      String code,
      int version) {}

  /** The key that signed the samples. */
  public static PublicKey rootKey() throws IOException {
    return PublicKey.of(
        Algorithm.ED25519, HexFormat.of().parseHex(json().required("root_public_key").asText()));
  }

  /** All samples. */
  public static List<Sample> all() throws IOException {
    List<Sample> samples = new ArrayList<>();
    for (JsonNode test : json().required("testcases")) {
      String file = test.required("filename").asText();
      JsonNode validation = test.required("validations").iterator().next();
      List<SampleBlock> blocks = new ArrayList<>();
      for (JsonNode block : test.required("token")) {
        JsonNode external = block.required("external_key");
        blocks.add(
            new SampleBlock(
                texts(block.required("symbols")),
                texts(block.required("public_keys")),
                external.isNull() ? null : external.asText(),
                block.required("code").asText(),
                block.required("version").asInt()));
      }
      samples.add(
          new Sample(
              file,
              blocks,
              texts(validation.required("revocation_ids")),
              validation.required("result").toString(),
              authorizers(test.required("validations"))));
    }
    return samples;
  }

  private static synchronized JsonNode json() throws IOException {
    JsonNode known = json;
    if (known == null) {
      known = new ObjectMapper().readTree(SharedData.path(FOLDER, "samples.json").toFile());
      json = known;
    }
    return known;
  }

  private static List<String> authorizers(JsonNode validations) {
    List<String> authorizers = new ArrayList<>();
    for (JsonNode validation : validations) {
      authorizers.add(validation.required("authorizer_code").asText());
    }
    return authorizers;
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    for (JsonNode text : array) {
      texts.add(text.asText());
    }
    return texts;
  }
}
