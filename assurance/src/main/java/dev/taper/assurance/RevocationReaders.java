package dev.taper.assurance;

import static dev.taper.assurance.Laws.read;
import static dev.taper.assurance.Laws.same;

import dev.taper.ErrorCode;
import dev.taper.ErrorCode.Category;
import dev.taper.crypto.PublicKey;
import dev.taper.operations.OperationException;
import dev.taper.operations.revoking.Revocable;
import dev.taper.operations.revoking.RevocationLines;
import dev.taper.revocation.RevocationEntry;
import dev.taper.revocation.RevocationEntry.LiftedEntry;
import dev.taper.revocation.RevocationHeader;
import dev.taper.revocation.RevocationList;
import dev.taper.revocation.RevocationReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Readers of what was revoked. */
final class RevocationReaders {
  /** Five numbers of 8 bytes and less, between the issuer's key and the digest; see the format. */
  static final int NUMBERS = 4 * Long.BYTES + 3 * Integer.BYTES;

  private static final byte[] TAG = "\0TAPER\0REVOCATION\0".getBytes(StandardCharsets.US_ASCII);
  private static final Scratch MEMORY = new Scratch("revoked.number");
  private static final int MAX_ENTRIES = 10_000;
  private static final Category[] REFUSALS = {
    Category.FORMAT, Category.SIGNATURE, Category.REVOCATION
  };

  private RevocationReaders() {}

  static boolean list(byte[] input) {
    Optional<Integer> read = read(() -> lists(input), REFUSALS);
    RevocationList list =
        RevocationList.trusting(Keys.ROOT.publicKey())
            .forgottenAtRestart()
            .maxEntries(MAX_ENTRIES)
            .clock(Keys.CLOCK)
            .build();
    Optional<Boolean> applied = read(() -> list.apply(input), REFUSALS);
    if (applied.isPresent()) {
      same("what can be applied can be read", true, read.isPresent());
      same("what was applied brings nothing new", false, list.apply(input));
    }
    Optional<Integer> copied = read(() -> copied(input), REFUSALS);
    copied
        .filter(lists -> lists >= 0)
        .ifPresent(lists -> same("what is copied can be read", read, Optional.of(lists)));
    return applied.isPresent() && applied.get();
  }

  /** How many lists a copy has; -1 if they are no snapshot and its deltas. */
  private static int copied(byte[] input) {
    try (RevocationReader.Copy copy =
        RevocationReader.copy(new ByteArrayInputStream(input), List.of(Keys.ROOT.publicKey()))) {
      same("all bytes are copied", ByteBuffer.wrap(input), copy.content());
      return copy.headers().size();
    } catch (IOException e) {
      return -1;
    }
  }

  /** Lines that name keys or else tasks. */
  static boolean lines(byte[] input) {
    RevocationLines.Result read;
    try {
      read =
          RevocationLines.read(
              new ByteArrayInputStream(input), RevocationReaders::entry, number -> {});
    } catch (OperationException e) {
      same("lines are refused with their number", "malformed_line", e.code());
      return false;
    }
    long said =
        Laws.utf8(input)
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !line.startsWith("#"))
            .count();
    List<RevocationEntry> entries = read.entries();
    for (int i = 1; i < entries.size(); i++) {
      boolean isAscending =
          entries.get(i - 1).fingerprint().compareTo(entries.get(i).fingerprint()) < 0;
      same("each thing is there once, in order", true, isAscending);
    }
    // A line may hold a carriage return, which ends none.
    if (!Laws.utf8(input).contains("\r")) {
      same("every line counts", said, (long) entries.size() + read.duplicates());
    }
    return true;
  }

  private static RevocationEntry entry(String line) {
    return line.startsWith("ed25519/")
        ? Revocable.holder(PublicKey.parse(line)).entry()
        : Revocable.task(line).entry();
  }

  /** How many lists there are, read entry by entry. */
  private static int lists(byte[] input) {
    PublicKey issuer = Keys.ROOT.publicKey();
    RevocationReader reader =
        RevocationReader.of(new ByteArrayInputStream(input), List.of(issuer), MAX_ENTRIES);
    try {
      int lists = 0;
      for (RevocationHeader header = reader.next(); header != null; header = reader.next()) {
        List<RevocationEntry> entries = reader.entries();
        List<LiftedEntry> lifted = reader.lifted();
        same("a header counts its entries", header.count(), entries.size());
        same("a header counts what it lifts", header.liftedCount(), lifted.size());
        lists++;
      }
      return lists;
    } catch (IOException e) {
      throw new UncheckedIOException("an array cannot fail to be read", e);
    }
  }

  /** A type, the numbers, then the entries: signed here, as no mutation finds a signature. */
  static boolean content(byte[] input) {
    if (input.length <= NUMBERS) {
      return false;
    }
    byte[] entries = Arrays.copyOfRange(input, 1 + NUMBERS, input.length);
    PublicKey issuer = Keys.ROOT.publicKey();
    byte[] header =
        ByteBuffer.allocate(TAG.length + 3 + issuer.bytes().length + NUMBERS + 32)
            .put(TAG)
            .put((byte) 2)
            .put(input[0])
            .put((byte) issuer.algorithm().wireId())
            .put(issuer.bytes())
            .put(input, 1, NUMBERS)
            .put(sha256(entries))
            .array();
    byte[] signature = Keys.ROOT.sign(header);
    return list(
        ByteBuffer.allocate(header.length + 1 + signature.length + entries.length)
            .put(header)
            .put((byte) signature.length)
            .put(signature)
            .put(entries)
            .array());
  }

  /** The lines of the file: with the sum that stands under them, or with one made here. */
  static boolean memory(byte[] input) {
    byte[] sum =
        ("sha256 " + HexFormat.of().formatHex(sha256(input)) + "\n")
            .getBytes(StandardCharsets.US_ASCII);
    byte[] summed = ByteBuffer.allocate(input.length + sum.length).put(input).put(sum).array();
    boolean asItIs = MEMORY.with(input, RevocationReaders::opens);
    return MEMORY.with(summed, RevocationReaders::opens) || asItIs;
  }

  private static boolean opens(Path file) {
    PublicKey issuer = Keys.ROOT.publicKey();
    Optional<RevocationList> list =
        read(
            () -> RevocationList.trusting(issuer).rememberedIn(file).clock(Keys.CLOCK).build(),
            ErrorCode.REVOCATION_MEMORY);
    list.ifPresent(
        read -> same("a number is none or positive", true, read.highestSequence(issuer) >= 0));
    return list.isPresent();
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
