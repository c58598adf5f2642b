package dev.taper.testvectors;

import biscuit.format.schema.Schema;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes the published files. Keys are derived from names and Ed25519 signatures are deterministic,
 * so the bytes depend on {@link SampleCases} and biscuit-java's version alone.
 */
final class SampleFiles {
  private SampleFiles() {}

  /** The files by name. */
  static Map<String, byte[]> generate() {
    HexFormat hex = HexFormat.of();
    Map<String, byte[]> files = new LinkedHashMap<>();
    SamplesWriter json =
        new SamplesWriter(
            hex.formatHex(TestKeys.ROOT_SECRET), hex.formatHex(TestKeys.ROOT.bytes()));
    for (SampleCase sample : SampleCases.all()) {
      BiscuitJava peer = new BiscuitJava(sample.filename());
      byte[] token = Peer.make(List.of(peer), sample.parsedBlocks(), sample.sealed());
      files.put(sample.filename(), token);
      json.add(sample, message(token), token, peer);
    }
    files.put("samples.json", json.finish());
    return files;
  }

  private static Schema.Biscuit message(byte[] token) {
    try {
      return Schema.Biscuit.parseFrom(token);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }
}
